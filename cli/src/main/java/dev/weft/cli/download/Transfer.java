package dev.weft.cli.download;

import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.DownloadProgress.State;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One URL that is under way: what it is called, and how far it is, which it asks of the download that it follows. Written by the driver, read by
 * the progress view; confined to the loop's thread.
 */
public final class Transfer {
    /** Before there is a download to ask: no try has been made. */
    private static final DownloadProgress NOT_ASKED =
            new DownloadProgress(State.ASKING, 0, OptionalLong.empty(), 0, 0, 0, 0, 0, 0, null);

    private final String url;
    private String name;
    private final long startNanos;
    private @Nullable Supplier<DownloadProgress> source;

    /**
     * @param url as it was given
     * @param name of the file that it would become
     * @param startNanos by {@link System#nanoTime()}
     */
    public Transfer(String url, String name, long startNanos) {
        this.url = url;
        this.name = name;
        this.startNanos = startNanos;
    }

    /** The URL, as it was given. */
    public String url() {
        return url;
    }

    /** The name of the file it becomes. */
    public String name() {
        return name;
    }

    /** Gives the file another name than the one it began with. */
    public void named(String other) {
        name = other;
    }

    /** When it began, by {@link System#nanoTime()}. */
    public long startNanos() {
        return startNanos;
    }

    /** From now on the progress is that of this download: {@code transfer.follow(download::progress)}. */
    public void follow(Supplier<DownloadProgress> download) {
        source = download;
    }

    /** How far it is now; at its beginning, with no try made, before {@link #follow}. */
    public DownloadProgress progress() {
        return source == null ? NOT_ASKED : source.get();
    }
}
