package dev.weft.cli.download;

/** Is told how a run goes. All calls come on the loop's thread and must return at once. */
public interface Observer {
    /** A download begins; its numbers grow in the given object until it ends. */
    void started(Transfer transfer);

    /** A download that had begun has ended. */
    void ended(Transfer transfer, Outcome outcome);

    /** A download that has begun has another name than its URL wants, because another URL of this run has taken that. */
    void renamed(Transfer transfer, String wanted);

    /** The list of URLs cannot be read any further; what was read of it goes on. */
    void listFailed(DiskException e);

    /** There will be so many URLs in all, those that have ended among them. */
    void expects(long urls);
}
