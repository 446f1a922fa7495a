package dev.weft.http.connect;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Is told of the steps in which a connection is made, in the task that makes it; see {@link Patience#listener()}. Throws nothing. */
public interface ConnectListener {
    /** A name is looked up, or its look-up by another request is waited for. */
    void onLookUp(String host);

    /** That is over; no addresses if it failed. */
    void onAddresses(String host, List<InetAddress> addresses);

    /** A connection to an address is begun. */
    void onConnect(SocketAddress address);

    /** That is over; a failure of null means it is there. */
    void onConnected(SocketAddress address, @Nullable Throwable failure);

    /** A TLS handshake begins. */
    void onHandshake();

    /** That is over; null if it failed. */
    void onSecured(@Nullable SSLSession session);
}
