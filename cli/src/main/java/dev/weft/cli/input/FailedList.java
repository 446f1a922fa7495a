package dev.weft.cli.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of what failed, which is a list itself. Each job is in it as soon as it is added, so that a run that is killed leaves what is
 * known. Writes are short and go to the page cache. Confined to the loop's thread.
 */
public final class FailedList implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private FailedList(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Makes the file, or empties it: what failed in an earlier run is not what fails in this one.
     *
     * @throws UncheckedIOException if that is not possible
     */
    public static FailedList open(Path file) {
        try {
            return new FailedList(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Adds a job at the end.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void add(Job job) {
        ByteBuffer bytes = ByteBuffer.wrap(JobText.of(job).getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Closes the file.
     *
     * @throws UncheckedIOException if the system finds only now that it cannot be written
     */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
