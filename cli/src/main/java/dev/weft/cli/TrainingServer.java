package dev.weft.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * The least server of HTTP/2 over TLS that fetch can be trained with: whatever is asked for, it gives the same small file. Frames by hand, as RFC 9113
 * section 4 has them. Serves on virtual threads until it is closed.
 */
final class TrainingServer implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PREFACE_BYTES = 24;

    private static final byte[] FILE = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
    /** By RFC 7541: {@code :status 200} is 8 of the static table, {@code content-length} 28. */
    private static final byte[] HEAD = {(byte) 0x88, 0x5c, 4, '1', '0', '0', '0'};

    private final ServerSocket listening;

    private TrainingServer(ServerSocket listening) {
        this.listening = listening;
    }

    /**
     * Starts it.
     *
     * @param keys a key with its certificate, PKCS#12
     */
    static TrainingServer start(Path keys, String password) throws IOException {
        SSLServerSocket socket;
        try (InputStream in = Files.newInputStream(keys)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot serve with the key in " + keys, e);
        }
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        TrainingServer server = new TrainingServer(socket);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    /** Of a file with that name. */
    String url(String name) {
        return "https://127.0.0.1:" + listening.getLocalPort() + "/" + name;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // It is closed: that is the end.
        }
    }

    private static void serve(Socket client) {
        try (SSLSocket socket = (SSLSocket) client) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            in.skipNBytes(PREFACE_BYTES);
            write(out, SETTINGS, 0, 0, new byte[0]);
            while (true) {
                byte[] payload = new byte[in.readUnsignedByte() << 16 | in.readUnsignedShort()];
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.readFully(payload);
                if (type == HEADERS) {
                    write(out, HEADERS, END_HEADERS, stream, HEAD);
                    write(out, DATA, END_STREAM, stream, FILE);
                } else if (type == SETTINGS && flags != ACK) {
                    write(out, SETTINGS, ACK, 0, new byte[0]);
                } else if (type == PING && flags != ACK) {
                    write(out, PING, ACK, 0, payload);
                }
            }
        } catch (EOFException e) {
            // The client has gone.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
