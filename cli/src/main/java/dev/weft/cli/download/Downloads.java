package dev.weft.cli.download;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.DownloadProgress.State;
import dev.weft.http.download.Downloaded;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.CancelledError;
import dev.weft.loop.TaskGroup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The downloads of one run: a fixed number of workers, each of which takes the next URL when it has done its last. One URL that
 * fails is told and does not disturb the others. Confined to the loop's thread.
 */
public final class Downloads {
    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);

    private final ClientSession session;
    private final Settings settings;
    private final Urls urls;
    private final Observer observer;
    private final NamesInUse names = new NamesInUse();

    /**
     * @param session does the requests; it stays the caller's
     * @param urls what to fetch; stays the caller's
     * @param observer is told of everything
     */
    public Downloads(ClientSession session, Settings settings, Urls urls, Observer observer) {
        this.session = session;
        this.settings = settings;
        this.urls = urls;
        this.observer = observer;
    }

    /** Fetches all, to the last. If the calling task is cancelled, no temporary file is left. */
    public void run() {
        OptionalLong known = urls.size();
        known.ifPresent(observer::expects);
        long workers = Math.min(settings.jobs(), known.orElse(settings.jobs()));
        TaskGroup.run(group -> {
            for (int i = 0; i < workers; i++) {
                group.createTask(this::work);
            }
        });
    }

    private void work() {
        for (String url = next(); url != null; url = next()) {
            fetch(new Transfer(url, SafeName.fromUrl(url), System.nanoTime()));
        }
    }

    private @Nullable String next() {
        try {
            String url = urls.next();
            if (url == null) {
                urls.size().ifPresent(observer::expects);
            }
            return url;
        } catch (DiskException e) {
            observer.listFailed(e);
            return null;
        }
    }

    private void fetch(Transfer transfer) {
        observer.started(transfer);
        Outcome outcome;
        try {
            outcome = Outcome.done(transfer, download(transfer));
        } catch (RuntimeException e) {
            LOG.debug("{}", transfer.url(), e);
            outcome = Outcome.failed(transfer, e);
        } catch (CancelledError e) {
            observer.ended(transfer, Outcome.cancelled(transfer));
            throw e;
        }
        observer.ended(transfer, outcome);
    }

    private Downloaded download(Transfer transfer) {
        // A file is kept as it is: what is compressed on the server stays compressed, and its length is known.
        RequestBuilder request = session.get(transfer.url()).header("Accept-Encoding", "identity");
        takeName(transfer);
        try (ClientResponse response = request.await()) {
            Got got = new Got(response.contentLength());
            transfer.follow(got::progress);
            response.raiseIf(response.status() / 100 != 2);
            try (PartFile file = PartFile.create(settings.directory(), transfer.name())) {
                for (ByteBuffer chunk : response.content()) {
                    got.bytes += chunk.remaining();
                    file.write(chunk);
                }
                file.commit();
                return got.downloaded(transfer, response, file.target());
            }
        }
    }

    /** What has come of one. */
    private static final class Got {
        private final OptionalLong total;
        private long bytes;

        Got(OptionalLong total) {
            this.total = total;
        }

        DownloadProgress progress() {
            return new DownloadProgress(State.RECEIVING, bytes, total, 0, 1, 1, 1, 0, 0, null);
        }

        Downloaded downloaded(Transfer transfer, ClientResponse response, Path path) {
            return new Downloaded(
                    Downloaded.State.DONE,
                    path,
                    response.url(),
                    response.status(),
                    response.version(),
                    bytes,
                    bytes,
                    0,
                    1,
                    0,
                    response.headers().first("ETag"),
                    Map.of(),
                    false,
                    response.timings(),
                    Duration.ofNanos(System.nanoTime() - transfer.startNanos()));
        }
    }

    /** Before the first wait, so that names go by the order of the URLs, whatever the network does. */
    private void takeName(Transfer transfer) {
        String wanted = transfer.name();
        String name = names.take(wanted);
        transfer.named(name);
        if (!name.equals(wanted)) {
            observer.renamed(transfer, wanted);
        }
    }
}
