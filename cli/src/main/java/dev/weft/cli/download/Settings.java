package dev.weft.cli.download;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.RedirectPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run downloads.
 *
 * @param directory where the files go; it must exist
 * @param jobs how many downloads at once
 * @param perHost how many connections to one host
 * @param authorities the certificates to trust, PEM; null for those of the Java runtime
 * @param trustAnyone whether no certificate is checked
 */
public record Settings(
        Path directory, int jobs, int perHost, @Nullable Path authorities, boolean trustAnyone) {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 20;
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** So many at once, to one host or many, and the rest as usual. */
    public static Settings of(Path directory, int jobs) {
        return new Settings(directory, jobs, jobs, null, false);
    }

    /** A session for such a run. There is no limit for the whole of a download: files may be large. */
    public ClientSession openSession() {
        ClientSession.Builder builder = ClientSession.builder()
                .limit(jobs)
                .limitPerHost(perHost)
                .redirects(RedirectPolicy.follow(MOST_REDIRECTS))
                .timeout(ClientTimeout.builder()
                        .total(ClientTimeout.FOREVER)
                        .connect(CONNECT)
                        .read(SILENCE)
                        .build());
        if (authorities != null) {
            builder.trust(authorities);
        }
        if (trustAnyone) {
            builder.insecure();
        }
        return builder.build();
    }
}
