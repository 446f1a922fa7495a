package dev.weft.http.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/** Makes sockets that agree by ALPN on the first of their protocols that the client offers too. */
final class AlpnSockets extends ServerSocketFactory {
    private final ServerSocketFactory plain;
    private final String[] protocols;

    AlpnSockets(ServerSocketFactory plain, String... protocols) {
        this.plain = plain;
        this.protocols = protocols;
    }

    private ServerSocket agreeing(ServerSocket socket) {
        SSLParameters parameters = ((SSLServerSocket) socket).getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        ((SSLServerSocket) socket).setSSLParameters(parameters);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return agreeing(plain.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return agreeing(plain.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return agreeing(plain.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return agreeing(plain.createServerSocket(port, backlog, address));
    }
}
