package dev.weft.cli.report;

import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import dev.weft.http.download.DownloadProgress;
import org.jspecify.annotations.Nullable;

/** What a download does that receives nothing, in words. Pure; any thread. */
final class Notes {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private Notes() {}

    /** Null while it receives. */
    static Board.@Nullable Note of(DownloadProgress at) {
        return switch (at.state()) {
            case ASKING ->
                at.attempt() > 1
                        ? new Board.Note("asks again" + why(at), true)
                        : new Board.Note("waits for the answer", false);
            case WAITING -> new Board.Note("waits " + time(at.waitNanos()) + why(at), true);
            case CHECKING -> new Board.Note("checking", false);
            case RECEIVING, ENDED -> null;
        };
    }

    private static String why(DownloadProgress at) {
        String trouble = at.trouble() == null ? "" : Printable.url(at.trouble()) + ", ";
        return " (" + trouble + "try " + at.attempt() + " of " + at.attempts() + ")";
    }

    /** Rounded up: nothing waits for 0 s. */
    private static String time(long nanos) {
        long seconds = Math.max(1, Math.ceilDiv(nanos, SECOND_NANOS));
        return seconds < 100 ? seconds + " s" : Sizes.clock(seconds);
    }
}
