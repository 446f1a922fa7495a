package dev.weft.cli.download;

import java.util.OptionalLong;

/** One download that is under way, as it stands. Written by the download, read by the progress view; confined to the loop's thread. */
public final class Transfer {
    private final String url;
    private String name;
    private final long startNanos;
    private OptionalLong total = OptionalLong.empty();
    private int status;
    private long bytes;

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

    /** The size of the whole, once the server has told it. */
    public OptionalLong total() {
        return total;
    }

    /** The status of the answer; 0 before it. */
    public int status() {
        return status;
    }

    /** How many bytes of the body were written. */
    public long bytes() {
        return bytes;
    }

    /** Notes what the head of the answer says. */
    public void answered(int answerStatus, OptionalLong size) {
        status = answerStatus;
        total = size;
    }

    /** Notes bytes written. */
    public void wrote(long count) {
        bytes += count;
    }
}
