package dev.weft.http.download;

import dev.weft.http.download.ExistsDecision.There;
import dev.weft.http.download.ExistsDecision.Verdict;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file of the name that a download wants, if there is one, and what that means for the download. Confined to the loop. */
final class Presence {
    private final Exists how;
    private @Nullable There there;
    private boolean skipped;
    private long skippedBytes;
    /** Conditions have been answered with nonsense. */
    private boolean unconditional;

    Presence(Exists how) {
        this.how = how;
    }

    /**
     * Looks whether it is there.
     *
     * @throws UncheckedIOException if it is and must not be, or cannot be looked at
     */
    void look(Path path) {
        if (how == Exists.OVERWRITE || how == Exists.RENAME || !Beside.isThere(path)) {
            return;
        }
        try {
            if (how == Exists.FAIL) {
                throw new FileAlreadyExistsException(path.toString());
            }
            skipped = how == Exists.SKIP;
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (skipped) {
                skippedBytes = file.size();
            } else if (file.isRegularFile()) {
                there = new There(file.size(), file.lastModifiedTime().toInstant(), Kept.read(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Whether it stays, and the server is not asked. */
    boolean isSkipped() {
        return skipped;
    }

    /** Its length; 0 if it is not there, or was not looked at. */
    long bytes() {
        return there == null ? skippedBytes : there.length();
    }

    /** What a request says of it. */
    Headers conditions() {
        return there == null || unconditional ? Headers.empty() : ExistsDecision.conditions(how, there);
    }

    /** Whether an answer means that it stays. */
    Verdict judge(ResponseHead head) {
        if (there == null) {
            return head.status() == 304 ? Verdict.ASK_AGAIN : Verdict.REPLACE;
        }
        boolean conditional = conditions().size() > 0;
        Verdict verdict = ExistsDecision.judge(there, conditional, head);
        unconditional |= verdict == Verdict.ASK_AGAIN;
        return verdict;
    }

    /** Whether a file that has the name when the download ends is replaced. */
    boolean replaces() {
        return how == Exists.RESUME || how == Exists.UPDATE || how == Exists.OVERWRITE;
    }

    /** Whether another name is taken where this one is in use. */
    boolean renames() {
        return how == Exists.RENAME;
    }

    /** Whether the entity tag is kept in a file of its own where there is no other place for it. */
    boolean keepsTags() {
        return how == Exists.UPDATE;
    }
}
