package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server's certificate that nobody signed but itself: for what is not about trust. */
final class OwnCertificate {
    private static final String PASSWORD = "password";

    private OwnCertificate() {}

    /** Makes sockets that present one; made by the JDK's own tool, in a folder. */
    static ServerSocketFactory serverSockets(Path dir) throws Exception {
        Path keys = dir.resolve("own.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool, "-genkeypair", "-alias", "own", "-dname", "CN=own", "-keyalg", "EC", "-validity", "30",
                        "-keystore", keys.toString(), "-storepass", PASSWORD)
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
