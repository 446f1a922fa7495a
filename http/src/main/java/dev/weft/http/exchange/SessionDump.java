package dev.weft.http.exchange;

import dev.weft.http.connect.ConnectionInfo;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Phase;
import dev.weft.loop.Loop;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What goes on in a session, as text for people. Confined to the loop. */
final class SessionDump {
    private static final int FRAMES = 8;
    /** Frames of the client itself, which say nothing of who made the request. */
    private static final Pattern MACHINERY =
            Pattern.compile("dev\\.weft\\.http\\.(exchange\\..*|(ClientSession|RequestBuilder)(\\$.*)?)");

    private final Loop loop;
    private final StringBuilder out = new StringBuilder();

    SessionDump(Loop loop) {
        this.loop = loop;
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }

    String of(List<ConnectionInfo> connections, List<Call> calls) {
        out.append("connections:\n");
        connections.forEach(this::connection);
        out.append("requests:\n");
        calls.forEach(this::call);
        return out.toString();
    }

    private void connection(ConnectionInfo connection) {
        ClientRequest holder = connection.holder();
        out.append("- ")
                .append(connection.route())
                .append(connection.route().tls() == null ? "" : " (TLS)")
                .append(' ')
                .append(connection.state().name().toLowerCase(Locale.ROOT))
                .append(" for ")
                .append(seconds(connection.nanos()))
                .append(", ")
                .append(connection.served())
                .append(connection.served() == 1 ? " request so far" : " requests so far")
                .append(
                        connection.version() == HttpVersion.HTTP_2
                                ? " over HTTP/2, " + connection.requests() + " now"
                                : "")
                .append(holder == null ? "" : ", for " + holder)
                .append('\n');
    }

    private void call(Call call) {
        out.append("- ")
                .append(call.request())
                .append(" for ")
                .append(seconds(call.elapsed().toNanos()));
        if (call.exchanges().isEmpty()) {
            out.append(", ").append(call.phase().words());
        }
        out.append('\n');
        call.exchanges().forEach(this::exchange);
        Throwable origin = call.origin();
        if (origin != null) {
            Arrays.stream(origin.getStackTrace())
                    .dropWhile(frame -> MACHINERY.matcher(frame.getClassName()).matches())
                    .limit(FRAMES)
                    .forEach(frame -> out.append("    at ").append(frame).append('\n'));
        }
    }

    private void exchange(Exchange exchange) {
        Phase phase = exchange.phase();
        out.append("    ")
                .append(exchange.request())
                .append(": ")
                .append(phase.words())
                .append(" for ")
                .append(seconds(loop.nanoTime() - exchange.phaseNanos()));
        if (exchange.sent() > 0) {
            out.append(", ").append(exchange.sent()).append(" bytes of its body sent");
        }
        if (exchange.answer() != null) {
            out.append(", ")
                    .append(exchange.answer().status())
                    .append(" and ")
                    .append(exchange.received())
                    .append(" bytes received");
        }
        out.append('\n');
    }
}
