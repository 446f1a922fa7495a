package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a download go until they are whole. Confined to the loop. */
interface Store extends AutoCloseable {
    /** Which bytes are there. To be looked at only. */
    ByteRanges have();

    /** Of which representation they are; null if there are none. */
    @Nullable
    Origin origin();

    /**
     * What comes now is of this representation; what is there is thrown away.
     *
     * @throws DiskFullException if it cannot have room
     */
    void begin(Origin of) throws IOException;

    /** Throws away what is there. */
    void forget() throws IOException;

    /** Whether bytes may come in any order. */
    boolean takesParts();

    /** Tells how long it will be, once that is known. */
    void length(long known);

    /** Takes all that remains in the buffer; it may suspend the calling task. */
    void write(long position, ByteBuffer bytes) throws IOException;

    /** Computes checksums from here on, or from the first byte, as it can. */
    Sums sums(Collection<Algorithm> algorithms);

    /** Gives it another last name, in the same directory; for when the first one was found taken. */
    void target(Path other);

    /**
     * Gives the whole file its last name.
     *
     * @param replace what is done with a file of that name
     * @param modified the time it gets; null for now
     * @param fsync whether it must be on the disk before
     * @throws FileAlreadyExistsException if there is one and it is not to be replaced; this may then be tried again with another
     *     {@link #target}
     */
    void commit(boolean replace, @Nullable Instant modified, boolean fsync) throws IOException;

    /** Ends, and leaves what is there to a later run if one can go on with it; says whether it did. */
    boolean keep();

    /** Ends; what was not committed is thrown away. Never throws. */
    @Override
    void close();

    /** Checksums of bytes that are still coming. Confined to the loop. */
    interface Sums extends AutoCloseable {
        /** Bytes were written. */
        void follow();

        /**
         * The checksums of the whole; may suspend the calling task.
         *
         * @throws java.io.UncheckedIOException if it cannot be read
         */
        List<Checksum> finish();

        @Override
        void close();
    }
}
