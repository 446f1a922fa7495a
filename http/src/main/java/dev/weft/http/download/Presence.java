package dev.weft.http.download;

import dev.weft.http.download.ExistsDecision.There;
import dev.weft.http.download.ExistsDecision.Verdict;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file of the name that a download wants, if there is one, and what that means for the download. Confined to the loop. */
final class Presence {
    private final Exists how;
    private @Nullable There there;
    private boolean skipped;
    private boolean device;
    private long skippedBytes;
    /** Conditions have been answered with nonsense. */
    private boolean unconditional;

    Presence(Exists how) {
        this.how = how;
    }

    /**
     * Looks whether it is there.
     *
     * @throws UncheckedIOException if it is and must not be, or cannot be looked at, or is a directory
     */
    void look(Path path) {
        if (!Beside.isThere(path)) {
            return;
        }
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (file.isDirectory()) {
                throw new FileSystemException(path.toString(), null, "is a directory");
            }
            device = !file.isRegularFile();
            if (device) {
                return;
            }
            if (how == Exists.FAIL) {
                throw new FileAlreadyExistsException(path.toString());
            }
            skipped = how == Exists.SKIP;
            if (skipped) {
                skippedBytes = file.size();
            } else if (how == Exists.RESUME || how == Exists.UPDATE) {
                there = There.at(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Whether it is a pipe or a device, as {@code /dev/null}: then it is written to, and stays what it is. */
    boolean isDevice() {
        return device;
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
