package dev.weft.http.download;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpDate;
import dev.weft.http.message.ResponseHead;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file that is there stays, for {@link Exists#RESUME} and {@link Exists#UPDATE}. Pure, but for {@link There#at}. Source: RFC 9110 section 13.
 *
 * <p>Rule: it stays only if a validator agrees. Its length alone says nothing.
 */
final class ExistsDecision {
    private ExistsDecision() {}

    /**
     * The file that is there.
     *
     * @param length in bytes
     * @param modified its time
     * @param kept the tag that was kept with it; null if none was
     */
    record There(long length, Instant modified, @Nullable Kept kept) {
        /**
         * Looks at it; null if nothing is there.
         *
         * @throws IOException if it is no file, or cannot be looked at
         */
        static @Nullable There at(Path path) throws IOException {
            if (!Beside.isThere(path)) {
                return null;
            }
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new FileSystemException(path.toString(), null, "is a directory");
            }
            return new There(attributes.size(), attributes.lastModifiedTime().toInstant(), Kept.read(path));
        }

        /** The tag, if the file is still the one that it was kept for. */
        @Nullable
        String etag() {
            return kept != null && kept.isOf(length, modified) ? kept.etag() : null;
        }
    }

    /** What becomes of it. */
    enum Verdict {
        /** It stays. */
        KEEP,
        /** The answer is another file. */
        REPLACE,
        /** The answer contradicts itself: it must be asked again, without conditions. */
        ASK_AGAIN
    }

    /** The conditions with which a request asks. */
    static Headers conditions(Exists how, There there) {
        String etag = there.etag();
        if (etag != null) {
            return Headers.builder().add("If-None-Match", etag).build();
        }
        if (how == Exists.UPDATE && there.kept() == null) {
            return Headers.builder()
                    .add("If-Modified-Since", HttpDate.format(there.modified()))
                    .build();
        }
        return Headers.empty();
    }

    /**
     * Judges the answer, which is a 304 or any success.
     *
     * @param conditional whether it was asked with {@link #conditions}, and there were any
     */
    static Verdict judge(There there, boolean conditional, ResponseHead head) {
        Headers headers = head.headers();
        String etag = there.etag();
        String now = Validators.etag(headers);
        if (head.status() == 304) {
            boolean contradicts = etag != null && now != null && !opaque(etag).equals(opaque(now));
            return conditional && !contradicts ? Verdict.KEEP : Verdict.ASK_AGAIN;
        }
        if (head.status() != 200 || Validators.length(head) != there.length()) {
            return Verdict.REPLACE;
        }
        if (etag != null && now != null) {
            return etag.equals(now) && Validators.isStrong(now) ? Verdict.KEEP : Verdict.REPLACE;
        }
        Instant modified = Validators.strongTime(headers);
        return modified != null && modified.equals(there.modified()) ? Verdict.KEEP : Verdict.REPLACE;
    }

    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}
