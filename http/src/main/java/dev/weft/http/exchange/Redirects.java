package dev.weft.http.exchange;

import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.NonReplayableBodyException;
import dev.weft.http.message.Options;
import dev.weft.http.message.RedirectException;
import dev.weft.http.message.RedirectPolicy;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a redirect leads, and what goes along: RFC 9110 section 15.4. Pure. */
final class Redirects {
    private static final Set<Integer> FOLLOWED = Set.of(301, 302, 303, 307, 308);
    /** They describe a body; without it they would be lies. */
    private static final Set<String> OF_THE_BODY = Set.of(
            "content-length",
            "content-type",
            "content-encoding",
            "content-language",
            "content-location",
            "content-md5",
            "content-digest",
            "repr-digest",
            "transfer-encoding",
            "expect");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");

    private Redirects() {}

    /**
     * The request to send next; null if the response is the answer.
     *
     * @param request what was sent, before the client added anything of its own
     * @param scope where the credentials are for
     * @throws RedirectException if it leads where no request may go
     * @throws NonReplayableBodyException if it asks for a body again that can be read only once
     */
    static @Nullable ClientRequest next(ClientRequest request, ClientResponse response, HttpUrl scope) {
        RedirectPolicy policy = request.attribute(Options.REDIRECTS);
        String location = response.headers().first("Location");
        if (policy.max() == 0 || location == null || location.isEmpty() || !FOLLOWED.contains(response.status())) {
            return null;
        }
        HttpUrl target = target(request, location, policy);
        if (!policy.allows(response, target)) {
            return null;
        }
        ClientRequest next = request.withUrl(target);
        String method = method(request.method(), response.status());
        if (!method.equals(request.method())) {
            next = next.withMethod(method).withBody(null).withHeaders(without(request.headers(), OF_THE_BODY));
        } else if (!request.isReplayable()) {
            throw new NonReplayableBodyException(
                    request,
                    "the server redirects to " + target
                            + ", but the body can be read only once: it cannot be sent again",
                    null);
        }
        return target.isSameOrigin(request.url()) ? next : withoutCredentials(next, policy, scope);
    }

    private static HttpUrl target(ClientRequest request, String location, RedirectPolicy policy) {
        HttpUrl from = request.url();
        HttpUrl target;
        try {
            target = from.resolve(location);
        } catch (InvalidUrlException e) {
            throw new RedirectException(request, location, e.reason(), e);
        }
        if (from.isTls() && !target.isTls() && !policy.allowsDowngrade()) {
            throw new RedirectException(
                    request, location, "it leads from https to http, which allowDowngrade() would allow", null);
        }
        return target.fragment() == null ? target.withFragment(from.fragment()) : target;
    }

    private static String method(String method, int status) {
        boolean toGet = switch (status) {
            case 301, 302 -> method.equals("POST");
            case 303 -> !method.equals("HEAD");
            default -> false;
        };
        return toGet ? "GET" : method;
    }

    private static ClientRequest withoutCredentials(ClientRequest next, RedirectPolicy policy, HttpUrl scope) {
        Headers.Builder kept = Headers.builder();
        for (Map.Entry<String, String> field : next.headers()) {
            String name = field.getKey();
            if (!CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))
                    && !name.equalsIgnoreCase("Host")
                    && !policy.isSensitive(name)) {
                kept.add(name, field.getValue());
            }
        }
        ClientRequest clean = next.withHeaders(kept.build()).with(Options.COOKIES, Map.of());
        Auth auth = next.attribute(Options.AUTH);
        return auth == null || auth.appliesTo(scope, next.url()) ? clean : clean.with(Options.AUTH, null);
    }

    private static Headers without(Headers headers, Set<String> names) {
        Headers.Builder kept = Headers.builder();
        for (Map.Entry<String, String> field : headers) {
            if (!names.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                kept.add(field.getKey(), field.getValue());
            }
        }
        return kept.build();
    }
}
