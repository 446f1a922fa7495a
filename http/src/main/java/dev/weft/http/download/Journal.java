package dev.weft.http.download;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an unfinished file holds, beside it: of which representation it is, then one line for each range that was written, with its checksum.
 * Only ever appended to, so that it is of use wherever it ends. For one thread at a time.
 *
 * <p>Invariant: a line is written after the bytes it is about; one that is not whole has no line feed and does not count. The URL is kept without
 * its query, in which there may be secrets.
 */
final class Journal implements AutoCloseable {
    private static final String FIRST = "weft part 1";
    private static final String END_OF_HEAD = "ranges";
    private static final int MOST_LINE_BYTES = 1 << 16;
    private static final Set<OpenOption> NEW = Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> OLD = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final FileChannel channel;
    private long position;

    private Journal(FileChannel channel, long position) {
        this.channel = channel;
        this.position = position;
    }

    /** Takes a range that a journal claims. */
    @FunctionalInterface
    interface Claims {
        /** Bytes from {@code start} to {@code end}, not included, have this CRC32C. */
        void claim(long start, long end, int crc) throws IOException;
    }

    /**
     * What a journal says, its ranges apart.
     *
     * @param origin of which representation the bytes are
     * @param validBytes where its last whole line ends
     */
    record Head(Origin origin, long validBytes) {}

    /** Begins a journal, in place of one that is there. */
    static Journal create(Path file, Origin origin) throws IOException {
        Journal journal = new Journal(FileChannel.open(file, NEW), 0);
        try {
            journal.append(head(origin));
        } catch (IOException e) {
            journal.close();
            throw e;
        }
        return journal;
    }

    /** Goes on with a journal that was read. */
    static Journal resume(Path file, Head head) throws IOException {
        FileChannel channel = FileChannel.open(file, OLD);
        try {
            channel.truncate(head.validBytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Journal(channel, head.validBytes);
    }

    private static String head(Origin origin) {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        field(text, "url", Validators.place(origin.url()).toString());
        field(text, "etag", origin.etag());
        field(text, "last-modified", origin.lastModified());
        field(text, "strong-date", origin.dateIsStrong() ? "yes" : null);
        field(text, "coding", origin.coding());
        field(text, "length", origin.length() < 0 ? null : Long.toString(origin.length()));
        return text.append(END_OF_HEAD).append('\n').toString();
    }

    private static void field(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(name).append(' ').append(value).append('\n');
        }
    }

    /** Notes that bytes were written. */
    void wrote(long start, long end, int crc) throws IOException {
        append(start + " " + end + " " + HexFormat.of().toHexDigits(crc) + "\n");
    }

    private void append(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        // Not before: on a full disk a line may be written in part, and the next one must begin where it began.
        position = at;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * Reads a journal. What it claims is handed on at once, so that a long one takes no memory.
     *
     * @return null if it is none, or was damaged otherwise than by ending early; what was claimed must then be forgotten
     * @throws IOException if it cannot be read, or the taker throws it
     */
    static @Nullable Head read(Path file, Claims claims) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16)) {
            Reader reader = new Reader(in);
            Origin origin = reader.origin();
            return origin != null && reader.ranges(origin.length(), claims) ? new Head(origin, reader.valid) : null;
        }
    }

    private static final class Reader {
        private final InputStream in;
        /** Where the last line ends that was whole and could be read. */
        private long valid;

        private long read;

        Reader(InputStream in) {
            this.in = in;
        }

        /** The next line, null if there is no whole one. */
        private @Nullable String line() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
            for (int c = in.read(); c >= 0 && bytes.size() < MOST_LINE_BYTES; c = in.read()) {
                read++;
                if (c == '\n') {
                    return bytes.toString(UTF_8);
                }
                bytes.write(c);
            }
            return null;
        }

        @Nullable
        Origin origin() throws IOException {
            if (!FIRST.equals(line())) {
                return null;
            }
            HttpUrl url = null;
            String etag = null;
            String modified = null;
            boolean strong = false;
            String coding = null;
            long length = -1;
            for (String line = line(); line != null; line = line()) {
                int space = line.indexOf(' ');
                String value = line.substring(space + 1);
                switch (line.substring(0, Math.max(space, 0))) {
                    case "url" -> url = url(value);
                    case "etag" -> etag = value;
                    case "last-modified" -> modified = value;
                    case "strong-date" -> strong = true;
                    case "coding" -> coding = value;
                    case "length" -> length = Numbers.decimal(value);
                    default -> {
                        valid = read;
                        return line.equals(END_OF_HEAD) && url != null
                                ? new Origin(url, etag, modified, strong, coding, length)
                                : null;
                    }
                }
            }
            return null;
        }

        private static @Nullable HttpUrl url(String text) {
            try {
                return HttpUrl.parse(text);
            } catch (InvalidUrlException e) {
                return null;
            }
        }

        /** Whether all lines but the last could be read. */
        boolean ranges(long length, Claims claims) throws IOException {
            long most = length < 0 ? Long.MAX_VALUE : length;
            for (String line = line(); line != null; line = line()) {
                String[] parts = line.split(" ", -1);
                long start = parts.length == 3 ? Numbers.decimal(parts[0]) : -1;
                long end = parts.length == 3 ? Numbers.decimal(parts[1]) : -1;
                if (start < 0 || end <= start || end > most || !isCrc(parts[2])) {
                    return line() == null;
                }
                valid = read;
                claims.claim(start, end, HexFormat.fromHexDigits(parts[2]));
            }
            return true;
        }

        private static boolean isCrc(String text) {
            return text.length() == 8 && text.chars().allMatch(HexFormat::isHexDigit);
        }
    }
}
