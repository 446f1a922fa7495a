package dev.weft.http;

import dev.weft.http.message.CallInfo;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ResponseHead;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLSession;

/** A listener that writes down what it is told. */
final class Signals {
    /** A signal: its name, and what it came with. */
    record Signal(String name, CallInfo call, List<Object> arguments) {
        /** Name, hop and attempt, and what came with it in a word. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(name);
            arguments.forEach(argument -> text.append(' ').append(word(argument)));
            return text.toString();
        }

        private static String word(Object argument) {
            return switch (argument) {
                case null -> "null";
                case ResponseHead head -> Integer.toString(head.status());
                case ClientResponse response -> Integer.toString(response.status());
                case Throwable failure -> failure.getClass().getSimpleName();
                case SSLSession session -> session.getProtocol();
                default -> argument.toString();
            };
        }
    }

    final List<Signal> all = new ArrayList<>();
    /** Is thrown by every signal, if it is there. */
    RuntimeException failure;

    final ClientListener listener = (ClientListener) Proxy.newProxyInstance(
            ClientListener.class.getClassLoader(), new Class<?>[] {ClientListener.class}, (self, method, args) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.getName().equals("toString") ? "recorder" : null;
                }
                if (method.getName().equals("begin")) {
                    return self;
                }
                List<Object> more = Arrays.asList(args).subList(1, args.length);
                all.add(new Signal(method.getName(), (CallInfo) args[0], more));
                if (failure != null) {
                    throw failure;
                }
                return null;
            });

    /** The names, in their order. */
    List<String> names() {
        return all.stream().map(Signal::name).toList();
    }

    /** The names but these. */
    List<String> namesBut(String... left) {
        return names().stream().filter(name -> !List.of(left).contains(name)).toList();
    }

    /** The signals of a name. */
    List<Signal> of(String name) {
        return all.stream().filter(signal -> signal.name.equals(name)).toList();
    }

    Signal only(String name) {
        List<Signal> found = of(name);
        if (found.size() != 1) {
            throw new AssertionError(String.format(Locale.ROOT, "%d times %s in %s", found.size(), name, all));
        }
        return Objects.requireNonNull(found.getFirst());
    }
}
