package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.loop.net.channel.Netty;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.List;

/** Why no connection came about, in words. Pure. */
final class ConnectFailures {
    private ConnectFailures() {}

    /**
     * One exception for all the addresses of a host.
     *
     * @param peer who was to be connected to
     * @param addresses which were tried
     * @param failures how each failed; the last is the cause
     */
    static ConnectFailedException of(
            ClientRequest request, String peer, List<InetSocketAddress> addresses, Throwable... failures) {
        List<String> each = new ArrayList<>();
        for (int i = 0; i < failures.length; i++) {
            each.add((i < addresses.size() ? addresses.get(i).getAddress().getHostAddress() + ": " : "")
                    + plain(failures[i]));
        }
        String reason = failures.length == 1
                ? plain(failures[0])
                : "none of its " + failures.length + " addresses answered (" + String.join("; ", each) + ")";
        ConnectFailedException failed = new ConnectFailedException(
                request, "cannot connect to " + peer + ": " + reason, failures[failures.length - 1]);
        for (int i = 0; i < failures.length - 1; i++) {
            failed.addSuppressed(failures[i]);
        }
        return failed;
    }

    private static String plain(Throwable failure) {
        String message = Netty.reason(failure);
        if (failure instanceof NoRouteToHostException) {
            return "no route to host";
        }
        if (message.contains("Too many open files")) {
            return "this process may open no more files (ulimit -n): a lower limit of connections helps";
        }
        if (message.contains("Network is unreachable")) {
            return "network unreachable";
        }
        if (failure instanceof FileNotFoundException) {
            return "there is no such socket";
        }
        return failure instanceof ConnectException && message.contains("refused") ? "connection refused" : message;
    }
}
