package dev.weft.cli.report;

import dev.weft.http.download.DownloadProgress;

/** How many bytes of a download came over the network, and how many are missing. Pure; any thread. */
final class Bytes {
    private Bytes() {}

    /** Those of this run. */
    static long received(DownloadProgress at) {
        return Math.max(0, at.bytes() - at.resumedFrom());
    }

    /** Those that are still to come; 0 while that is not known. */
    static long missing(DownloadProgress at) {
        return at.total().isPresent() ? Math.max(0, at.total().getAsLong() - at.bytes()) : 0;
    }
}
