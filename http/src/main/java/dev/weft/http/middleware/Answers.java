package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Middleware;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Answers made by a test, without a server:
 * {@snippet :
 * Answers answers = Answers.when("GET", "http://h/a").reply(503).reply(200, "there")
 *         .orWhen("POST", "http://h/*").reply(201);
 * }
 *
 * <p>The first rule that a request meets answers it; of several replies each is given once, in their order, the last again and again. A request that
 * meets none ends with {@link ReplayException}, unless {@link #otherwiseSend()}. Confined to one loop.
 */
@CheckReturnValue
public final class Answers implements Middleware {
    private final List<Rule> rules = new ArrayList<>();
    private final List<ClientRequest> requests = new ArrayList<>();
    private boolean sends;

    private Answers() {}

    private static final class Rule {
        final String name;
        final Predicate<ClientRequest> met;
        final List<Function<ClientRequest, ClientResponse>> replies = new ArrayList<>();
        int given;

        Rule(String name, Predicate<ClientRequest> met) {
            this.name = name;
            this.met = met;
        }

        ClientResponse next(ClientRequest request) {
            if (replies.isEmpty()) {
                throw new IllegalStateException("no reply is set for " + name);
            }
            return replies.get(Math.min(given++, replies.size() - 1)).apply(request);
        }
    }

    /**
     * Begins with a rule.
     *
     * @param url the whole URL without a fragment, or the start of one before a {@code *} at its end
     */
    public static Answers when(String method, String url) {
        return new Answers().orWhen(method, url);
    }

    /** Begins with a rule for whatever a predicate says. */
    public static Answers when(Predicate<ClientRequest> met) {
        return new Answers().orWhen(met);
    }

    /** Another rule, behind those before; see {@link #when(String, String)}. The replies that follow are its. */
    public Answers orWhen(String method, String url) {
        boolean prefix = url.endsWith("*");
        String start = prefix ? url.substring(0, url.length() - 1) : url;
        rules.add(new Rule(method + " " + url, request -> {
            String asked = request.url().withFragment(null).toString();
            return request.method().equals(method) && (prefix ? asked.startsWith(start) : asked.equals(start));
        }));
        return this;
    }

    /** Another rule, behind those before, for whatever a predicate says. The replies that follow are its. */
    public Answers orWhen(Predicate<ClientRequest> met) {
        rules.add(new Rule("rule " + (rules.size() + 1), met));
        return this;
    }

    /** A reply without headers and body. */
    @CanIgnoreReturnValue
    public Answers reply(int status) {
        return reply(status, Headers.empty(), new byte[0]);
    }

    /** A reply of {@code text/plain} in UTF-8. */
    @CanIgnoreReturnValue
    public Answers reply(int status, String body) {
        Headers headers = Headers.builder()
                .add("Content-Type", "text/plain; charset=utf-8")
                .build();
        return reply(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A reply; {@code Content-Length} is added. */
    @CanIgnoreReturnValue
    public Answers reply(int status, Headers headers, byte[] body) {
        Headers framed = headers.toBuilder()
                .set("Content-Length", Integer.toString(body.length))
                .build();
        return reply(request -> ClientResponse.of(request, status, framed, body));
    }

    /** A reply that is made for each request, or an exception that is thrown; may await. */
    @CanIgnoreReturnValue
    public Answers reply(Function<ClientRequest, ClientResponse> made) {
        rules.getLast().replies.add(made);
        return this;
    }

    /** Sends what meets no rule. */
    @CanIgnoreReturnValue
    public Answers otherwiseSend() {
        sends = true;
        return this;
    }

    /** Every request that came, in order; those that were sent on, too. */
    public List<ClientRequest> requests() {
        return List.copyOf(requests);
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        requests.add(request);
        for (Rule rule : rules) {
            if (rule.met.test(request)) {
                return rule.next(request);
            }
        }
        if (sends) {
            return next.send(request);
        }
        List<String> names = rules.stream().map(rule -> rule.name).toList();
        throw new ReplayException(request, "no answer is set for it; set are " + String.join(", ", names));
    }
}
