package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Options;
import dev.weft.http.message.ProxySelector;
import dev.weft.loop.net.dial.Tls;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the config file says for some hosts, given to the requests that go to them and to no other: in the exchange ring it sees each hop of
 * a redirect by itself. Confined to the loop.
 *
 * <p>Passwords and tokens of a section go to its host where nobody can read along, or where the URL as it was given leads: a redirect from
 * elsewhere cannot have them sent in the clear.
 */
final class HostSections implements Middleware {
    /** The URL as it was given, before redirects. */
    static final Key<@Nullable HttpUrl> GIVEN = Key.of("fetch.given", null);

    /** What the client sends of its own accord. */
    private static final Set<String> AUTOMATIC = Set.of("accept", "accept-encoding", "user-agent");

    private final Settings settings;
    private final OwnHeaders usual;
    private final IdentityHashMap<Settings, Section> sections = new IdentityHashMap<>();

    /** What is different for a host. */
    private record Section(
            @Nullable Tls tls,
            HttpVersion version,
            @Nullable ProxySelector proxy,
            ClientTimeout timeout,
            OwnHeaders headers,
            @Nullable Auth auth) {}

    HostSections(Settings settings, OwnHeaders usual) {
        this.settings = settings;
        this.usual = usual;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        Settings own = settings.forHost(request.url().host());
        if (own == settings) {
            return next.send(request);
        }
        Section section = sections.computeIfAbsent(own, this::section);
        ClientRequest changed = request.with(Options.TIMEOUT, section.timeout)
                .with(Options.VERSION, section.version)
                .with(Options.PROXY, section.proxy == null ? ProxySelector.none() : section.proxy)
                .withHeaders(headers(request.headers(), section.headers));
        if (section.tls != null) {
            changed = changed.with(Options.TLS, section.tls);
        }
        Auth auth = section.auth;
        return auth == null || !isSafe(request) ? next.send(changed) : auth.handle(changed, next);
    }

    /** Looks at what is said for each host, so that what is wrong with it is told before the run begins. */
    void check() {
        settings.ofHosts().forEach(this::section);
    }

    private Section section(Settings own) {
        boolean credentials = own.isForHost(Option.USER, Option.BEARER);
        return new Section(
                Trust.of(own),
                own.version(),
                Proxies.of(own),
                Limits.of(own),
                OwnHeaders.of(own),
                credentials ? Credentials.of(own) : null);
    }

    private static boolean isSafe(ClientRequest request) {
        HttpUrl given = request.attribute(GIVEN);
        return request.url().isTls() || (given != null && given.isSameOrigin(request.url()));
    }

    /** What a request says for itself stays; what it has from the settings for all gives way. */
    private Headers headers(Headers now, OwnHeaders section) {
        Headers.Builder all = now.toBuilder();
        for (String name : section.left()) {
            if (isUsual(now, name)) {
                all.remove(name);
            }
        }
        Set<String> names = new LinkedHashSet<>();
        section.sent().forEach(field -> names.add(field.getKey().toLowerCase(Locale.ROOT)));
        for (String name : names) {
            if (isUsual(now, name)) {
                all.remove(name);
                section.sent().all(name).forEach(value -> all.add(name, value));
            }
        }
        return all.build();
    }

    private boolean isUsual(Headers now, String name) {
        List<String> values = now.all(name);
        return values.isEmpty()
                || values.equals(usual.sent().all(name))
                || (AUTOMATIC.contains(name.toLowerCase(Locale.ROOT))
                        && !usual.sent().contains(name));
    }
}
