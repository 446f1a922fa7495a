package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.ClientSession;
import dev.weft.http.Connector;
import dev.weft.http.RequestBuilder;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.download.Downloader;
import dev.weft.http.message.Auth;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.ProxySelector;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.middleware.RateLimit;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a run sends its requests with, made from its settings: a session with its connections, a downloader, and what each request of a
 * download gets. Confined to the loop that runs where it is opened.
 */
public final class Client implements AutoCloseable {
    /** What a session has at most where nothing is said. */
    private static final int USUAL_CONNECTIONS = 100;

    private final Settings settings;
    private final ClientSession session;
    private final Downloader downloader;
    private final @Nullable Auth auth;
    private final @Nullable Middleware method;

    private Client(Settings settings, ClientSession session) {
        this.settings = settings;
        this.session = session;
        this.downloader = downloader(settings, session);
        this.auth = Credentials.of(settings);
        this.method = settings.isGet() ? null : OtherMethod.of(settings);
    }

    /**
     * Opens one.
     *
     * @throws UsageException if a file that the settings name does not hold what it should, or the environment names what is no proxy
     */
    public static Client open(Settings settings) {
        ClientSession.Builder builder = ClientSession.builder();
        ProxySelector proxies = Proxies.of(settings);
        if (proxies != null) {
            builder.proxy(proxies);
        }
        Tls tls = Trust.of(settings);
        if (tls != null) {
            builder.tls(tls);
        }
        CookieJar jar = Cookies.jar(settings);
        if (jar != null) {
            builder.cookieJar(jar);
        }
        Auth netrc = Credentials.netrc(settings);
        if (netrc != null) {
            builder.auth(netrc);
        }
        OwnHeaders headers = OwnHeaders.of(settings);
        headers.addTo(builder);
        RateLimit rate = rateLimit(settings);
        builder.version(settings.version())
                .redirects(RedirectPolicy.follow(settings.number(Option.MAX_REDIRS)))
                .timeout(Limits.of(settings))
                .autoDecompress(settings.flag(Option.COMPRESSED))
                .connector(connector(settings));
        if (settings.hasHosts()) {
            HostSections sections = new HostSections(settings, headers);
            sections.check();
            builder.exchangeMiddleware(sections, rate);
        } else {
            builder.exchangeMiddleware(rate);
        }
        return new Client(settings, builder.build());
    }

    /** Many at once, to one host or many; parts of files take connections besides. */
    private static Connector connector(Settings settings) {
        Connector.Builder builder = Connector.builder().limitPerHost(settings.mostPerHost());
        if (settings.jobs() > USUAL_CONNECTIONS) {
            builder.limitUpTo(settings.jobs());
        }
        Option family = settings.uppermost(Option.IPV4, Option.IPV6);
        if (family != null && settings.flag(family)) {
            builder.family(family == Option.IPV4 ? Family.IPV4 : Family.IPV6);
        }
        Path socket = settings.path(Option.UNIX_SOCKET);
        if (socket != null) {
            builder.unixSocket(socket);
        }
        List<String> pins = settings.all(Option.RESOLVE);
        if (!pins.isEmpty()) {
            resolve(builder, pins);
        }
        return builder.build();
    }

    /** The last that was said of a host holds. */
    private static void resolve(Connector.Builder builder, List<String> pins) {
        Map<String, InetAddress[]> known = new HashMap<>();
        for (String pin : pins) {
            String[] words = pin.split(" ", -1);
            InetAddress[] addresses = new InetAddress[words.length - 1];
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = InetAddress.ofLiteral(words[i + 1]);
            }
            known.put(words[0], addresses);
        }
        known.forEach(builder::resolve);
    }

    /** A host that answers 429 or 503 is left alone by all of the run for as long as it asks for. */
    private static RateLimit rateLimit(Settings settings) {
        RateLimit.Builder builder = RateLimit.builder();
        if (settings.hasHosts()) {
            builder.limits(
                    origin -> limits(settings.forHost(HttpUrl.parse(origin).host())));
        } else {
            builder.limits(limits(settings));
        }
        return builder.build();
    }

    static RateLimit.Limits limits(Settings settings) {
        RateLimit.Limits limits = RateLimit.Limits.none().concurrency(settings.perHost());
        double perSecond = settings.requestsPerSecond();
        return perSecond == 0 ? limits : limits.rate(1, Duration.ofNanos((long) (1e9 / perSecond)));
    }

    private static Downloader downloader(Settings settings, ClientSession session) {
        Downloader.Builder builder = Downloader.builder(session)
                .segments(settings.segments())
                .retries(settings.retries())
                .retryStatuses(settings.retryStatuses().toArray(Integer[]::new))
                .bytesPerSecond(settings.rate(Option.LIMIT_RATE))
                .connectionsPerHost(settings.mostPerHost())
                .silence(Limits.limit(settings.time(Option.TIMEOUT)))
                .compressed(settings.flag(Option.COMPRESSED))
                .fsync(settings.flag(Option.FSYNC));
        Duration retryTime = settings.time(Option.RETRY_TIME);
        if (!retryTime.isZero()) {
            builder.retryTime(retryTime);
        }
        return builder.build();
    }

    /** The session. */
    public ClientSession session() {
        return session;
    }

    /** What downloads through it. */
    public Downloader downloader() {
        return downloader;
    }

    /**
     * What is done to each request of a download: credentials, cookies and the method. It may run for several URLs of that download, as for
     * its mirrors: they were all given by the same person.
     *
     * @param url as it was given
     */
    public UnaryOperator<RequestBuilder> change(String url) {
        List<Cookies.Pair> cookies = Cookies.pairs(settings);
        HttpUrl given = settings.hasHosts() ? parsed(url) : null;
        boolean ofHost = given != null && settings.forHost(given.host()).isForHost(Option.USER, Option.BEARER);
        if (cookies.isEmpty() && given == null && auth == null && method == null) {
            return request -> request;
        }
        return request -> {
            for (Cookies.Pair cookie : cookies) {
                request.cookie(cookie.name(), cookie.value());
            }
            if (given != null) {
                request.attribute(HostSections.GIVEN, given);
            }
            if (auth != null && !ofHost) {
                request.auth(auth);
            }
            if (method != null) {
                request.middleware(method);
            }
            return request;
        };
    }

    /** What holds for the host of a URL. */
    Settings settingsFor(String url) {
        HttpUrl given = settings.hasHosts() ? parsed(url) : null;
        return given == null ? settings : settings.forHost(given.host());
    }

    /** Null if it is none, which the download will say. */
    private static @Nullable HttpUrl parsed(String url) {
        try {
            return HttpUrl.parse(url);
        } catch (InvalidUrlException e) {
            return null;
        }
    }

    /** A GET of something that belongs to the run, and is no download of it: a list of checksums, for example. */
    public RequestBuilder get(String url) {
        RequestBuilder request = session.get(url);
        if (auth != null) {
            request.auth(auth);
        }
        return request;
    }

    /**
     * Writes the cookies where {@code --cookie-jar} says, if it does. To be called when all is done, however it ended.
     *
     * @throws IOException if the file cannot be written
     */
    public void saveCookies() throws IOException {
        Path file = settings.path(Option.COOKIE_JAR);
        if (file != null) {
            session.cookieJar().saveNetscape(file).await();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
