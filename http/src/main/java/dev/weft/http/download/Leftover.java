package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run left. Reading it blocks for as long as reading the file takes.
 *
 * @param head what the journal says of it
 * @param have the ranges that the journal claims, and whose bytes are in the file: compared by their checksums, so that neither a loss of power
 *     nor another program can put wrong bytes into it
 */
record Leftover(Journal.Head head, ByteRanges have) {
    private static final int BUFFER_BYTES = 256 << 10;

    /** Null if there is nothing that one could go on with. */
    static @Nullable Leftover read(FileChannel part, Path journal) throws IOException {
        long size = part.size();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteRanges have = new ByteRanges();
        Journal.Head head;
        try {
            head = Journal.read(journal, (start, end, crc) -> {
                if (end <= size && crc(part, start, end, buffer) == crc) {
                    have.add(start, end);
                }
            });
        } catch (IOException e) {
            // A link, not ours to read, a bad disk: nothing to go on with.
            return null;
        }
        boolean resumable = head != null && Validators.ifRange(head.origin()) != null;
        return head != null && resumable && have.total() > 0 ? new Leftover(head, have) : null;
    }

    private static int crc(FileChannel part, long start, long end, ByteBuffer buffer) throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = start; at < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int count = part.read(buffer, at);
            if (count < 0) {
                throw new IOException("an unfinished file became shorter while it was read");
            }
            crc.update(buffer.flip());
            at += count;
        }
        return (int) crc.getValue();
    }
}
