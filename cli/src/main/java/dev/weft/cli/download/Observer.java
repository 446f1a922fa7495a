package dev.weft.cli.download;

import java.nio.file.Path;

/**
 * Is told how a run goes. All calls come on the loop's thread. They return at once, but for {@link #ended}, which may suspend the calling task.
 */
public interface Observer {
    /** A URL's turn has come; how far it is can be asked of the given object until it ends. */
    void started(Transfer transfer);

    /**
     * One that had begun has ended. Suspends the calling task while who reads standard output is behind, unless the outcome says that the run is
     * stopped.
     */
    void ended(Transfer transfer, Outcome outcome);

    /** One that has begun has another name than its URL wants, because another URL of this run has taken that. */
    void renamed(Transfer transfer, String wanted);

    /** Nothing is fetched; this is where a URL would go. */
    void planned(String url, Path path);

    /** Something is odd, and the run goes on: one line, without {@code fetch:}. */
    void warned(String message);

    /** The list of URLs cannot be read any further; what was read of it goes on. */
    void listFailed(DiskException e);

    /** There will be so many URLs in all, those that have ended among them. */
    void expects(long urls);
}
