package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.message.HttpUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Bytes that are different at every place, for tests of files: what is at a place can be told to be right. */
final class Pattern {
    static final HttpUrl URL = HttpUrl.parse("http://h/dir/f?token=secret");

    private Pattern() {}

    static Origin origin(long length) {
        return new Origin(URL, "\"v1\"", "Sun, 06 Nov 1994 08:49:37 GMT", true, null, length);
    }

    static byte[] bytes(long start, long end) {
        byte[] bytes = new byte[(int) (end - start)];
        for (int i = 0; i < bytes.length; i++) {
            long at = start + i;
            bytes[i] = (byte) (at * 31 + (at >>> 8) * 7 + (at >>> 16));
        }
        return bytes;
    }

    /** Writes what belongs there. */
    static void write(PartFile file, long start, long end) throws IOException {
        byte[] bytes = bytes(start, end);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        file.write(start, direct);
        assertEquals(0, direct.remaining());
    }

    /** Every byte that a file says it has must be the right one. */
    static void assertRight(PartFile file) throws IOException {
        for (ByteRanges.Range range : file.have().ranges()) {
            ByteBuffer read = ByteBuffer.allocate((int) range.length());
            while (read.hasRemaining() && file.read(range.start() + read.position(), read) >= 0) {
                // Until all of it is there.
            }
            assertArrayEquals(bytes(range.start(), range.end()), read.array(), () -> "bytes " + range);
        }
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
