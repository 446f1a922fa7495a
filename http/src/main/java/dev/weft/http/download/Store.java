package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a download go. Confined to the loop. */
interface Store extends AutoCloseable {
    /** Which bytes are there. */
    ByteRanges have();

    /** Of which representation they are; null if there are none. */
    @Nullable
    Origin origin();

    /** What comes now is of this representation; what is there is thrown away. */
    void begin(Origin of) throws IOException;

    /** Throws away what is there. */
    void forget() throws IOException;

    /** Takes all that remains in the buffer; it may suspend the calling task. */
    void write(long position, ByteBuffer bytes) throws IOException;

    /** Ends, and leaves what is there to a later run if one can go on with it; says whether it did. */
    boolean keep();

    /** Ends; what was not made a file is thrown away. Never throws. */
    @Override
    void close();
}
