package dev.weft.http.download;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.time.Duration;

/**
 * One file on its way. Awaiting it does the work, once, in the task that awaits; {@link #progress()} may be looked at meanwhile. Confined to the
 * loop.
 *
 * <p>Awaiting it throws {@link dev.weft.http.message.ClientException} for what the network or the server did, {@link ChecksumException} if the
 * bytes are not those that were expected, {@link java.io.UncheckedIOException} for the disk, {@link dev.weft.loop.TimeoutException} if its time is
 * over. Whatever ends it leaves what can be gone on with, as a {@code .NAME.part} with its journal.
 */
public final class Download implements Awaitable<Downloaded, RuntimeException> {
    /** A file that changes more often while it is fetched is a stream, or a server's fault. */
    private static final int MOST_CHANGES = 5;

    private final Downloader downloader;
    private final DownloadRequest request;
    private final Progress progress;
    private boolean started;

    Download(Downloader downloader, DownloadRequest request) {
        this.downloader = downloader;
        this.request = request;
        this.progress = new Progress(Asyncio.getRunningLoop());
    }

    /**
     * Does the work.
     *
     * @throws IllegalStateException if it was awaited before
     */
    @Override
    public Downloaded await() {
        if (started) {
            throw new IllegalStateException(request.url() + ": this download was awaited before; make another one");
        }
        started = true;
        progress.starts();
        Duration longest = request.maxTime();
        try {
            return longest == null ? fetch() : Asyncio.timeout(longest, () -> fetch());
        } finally {
            progress.ended();
        }
    }

    /** How far it is. */
    public DownloadProgress progress() {
        return progress.now();
    }

    private Downloaded fetch() {
        Source source = Source.first(downloader.session(), request);
        try (Copy copy = new Copy(downloader, request)) {
            progress.of(copy);
            copy.begin();
            if (!copy.isSettled()) {
                fetch(copy, source);
            }
            copy.commit(downloader.isSynced());
            return copy.result(source, progress);
        }
    }

    private void fetch(Copy copy, Source source) {
        Fetching fetching = new Fetching(downloader, copy, source, progress);
        for (int changes = 0; ; changes++) {
            try {
                fetching.run();
                if (!copy.isSettled()) {
                    progress.checks();
                    copy.check();
                }
                return;
            } catch (ChangedException | ChecksumException e) {
                boolean again = changes < MOST_CHANGES && (e instanceof ChangedException || copy.isPatched());
                copy.forget();
                if (!again) {
                    throw e;
                }
            }
        }
    }
}
