package dev.weft.http.connect;

import dev.weft.http.RawServer;
import dev.weft.http.Spoken;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * TLS for scripted servers; their certificate is for {@code 127.0.0.1}, {@code localhost} and {@code host.test}, or for {@code one.test},
 * {@code two.test} and {@code *.wild.test}, and signs itself.
 */
public final class TestTls {
    private static final char[] PASSWORD = "password".toCharArray();

    private TestTls() {}

    private static KeyStore keys(String file) {
        try (InputStream in = TestTls.class.getResourceAsStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static ServerSocketFactory factory() {
        return context("server.p12").getServerSocketFactory();
    }

    /** The same, agreeing by ALPN on the first of these that the client offers. */
    public static ServerSocketFactory factory(String... protocols) {
        return new AlpnSockets(context("server.p12").getServerSocketFactory(), protocols);
    }

    /** The same with the certificate that names several hosts. */
    public static ServerSocketFactory namingMany(String... protocols) {
        return new AlpnSockets(context("names.p12").getServerSocketFactory(), protocols);
    }

    private static SSLContext context(String file) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys(file), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** One that answers everything, in the text of HTTP/1.1 whatever is agreed on: {@link Plain} knows no other. */
    static RawServer server() throws IOException {
        ServerSocketFactory sockets = Spoken.isHttp2() ? factory("h2") : factory();
        RawServer.Script script = forgiving(peer -> {
            while (peer.request() != null) {
                peer.send(RawServer.OK);
            }
        });
        return RawServer.start(sockets, script, null);
    }

    /** The same, whatever the client thinks of the certificate. */
    static RawServer.Script forgiving(RawServer.Script script) {
        return peer -> {
            try {
                script.run(peer);
            } catch (SSLException e) {
                // The client did not like it.
            }
        };
    }

    public static Tls.Builder trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", keys("server.p12").getCertificate("server"));
            trusted.setCertificateEntry("names", keys("names.p12").getCertificate("server"));
            return Tls.builder().trust(trusted);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
