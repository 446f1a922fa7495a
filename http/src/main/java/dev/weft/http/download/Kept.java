package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The entity tag that a finished file had, kept with it: in the extended attribute {@code user.weft.etag}, or, where there are none, in
 * {@code .NAME.etag} beside it. With it stand the length and the time that the file had then; if they are others now, somebody has changed it,
 * and the tag is not its own any more. Blocks for as long as a look at a directory takes; any thread.
 *
 * @param etag as the server sent it
 * @param length of the file, in bytes
 * @param modified the time of the file
 */
record Kept(String etag, long length, Instant modified) {
    private static final String ATTRIBUTE = "weft.etag";
    private static final String SUFFIX = ".etag";
    private static final int MOST_BYTES = 4096;

    private static final OpenOption[] NEW_FILE = {
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS
    };

    /** Whether the file is as it was. */
    boolean isOf(long lengthNow, Instant modifiedNow) {
        return length == lengthNow && modified.equals(modifiedNow);
    }

    /** What is kept with a file; null if nothing is. */
    static @Nullable Kept read(Path file) {
        String text = attribute(file);
        if (text == null) {
            text = beside(file);
        }
        return text == null ? null : parse(text);
    }

    private static @Nullable String attribute(Path file) {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        try {
            if (view == null) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate(Math.min(view.size(ATTRIBUTE), MOST_BYTES));
            view.read(ATTRIBUTE, bytes);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException | UnsupportedOperationException e) {
            // There is none, mostly.
            return null;
        }
    }

    private static @Nullable String beside(Path file) {
        Path path = Beside.of(file, SUFFIX);
        try {
            return Beside.isThere(path) && Files.size(path) <= MOST_BYTES ? Files.readString(path) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Kept parse(String text) {
        String[] parts = text.split(" ", 4);
        long length = Numbers.decimal(parts[0]);
        if (parts.length < 4 || length < 0 || !parts[3].endsWith("\n")) {
            return null;
        }
        try {
            Instant modified = Instant.ofEpochSecond(Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
            return new Kept(parts[3].substring(0, parts[3].length() - 1), length, modified);
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /**
     * Keeps a tag with a file that has its last name and time. What cannot be kept costs no more than a download that were not needed, so
     * nothing is thrown.
     *
     * @param etag null if the file has none; then that of another file, which had its name before, is removed
     * @param mayMakeFile whether it may be a file beside this one, where there are no extended attributes
     */
    static void keep(Path file, @Nullable String etag, boolean mayMakeFile) {
        Path beside = Beside.of(file, SUFFIX);
        try {
            boolean inAttribute = etag != null && write(file, etag);
            if (etag != null && !inAttribute && mayMakeFile) {
                Files.writeString(beside, of(file, etag).text(), NEW_FILE);
            } else if (Beside.isThere(beside)) {
                Files.delete(beside);
            }
        } catch (IOException e) {
            // Then the next run asks without it.
        }
    }

    private static boolean write(Path file, String etag) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (view == null) {
            return false;
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(of(file, etag).text());
        try {
            view.write(ATTRIBUTE, bytes);
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Kept of(Path file, String etag) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Kept(etag, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    /** As it is kept. */
    String text() {
        return length + " " + modified.getEpochSecond() + " " + modified.getNano() + " " + etag + "\n";
    }
}
