package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * RFC 1952, all members, with checksum and length of each. Zeros may follow the last member, as gzip itself allows (padding of tapes
 * and blocks); anything else is corrupt. There is no limit to the number of members: a real file may have a million (bgzip makes one of
 * every 64 KiB), and an empty one takes no longer than so many bytes of data do (about 10 ns for a byte).
 */
final class GzipDecoder implements ContentDecoder {
    private enum State {
        START,
        HEADER,
        DATA,
        TRAILER,
        PADDING
    }

    private static final int TRAILER_BYTES = 8;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] piece = new byte[PIECE];
    private GzipHeader header = new GzipHeader();
    private State state = State.START;
    private long trailer;
    private int trailerBytes;
    private boolean anyMember;

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        while (true) {
            switch (state) {
                case START -> {
                    if (!input.hasRemaining()) {
                        return null;
                    }
                    // Behind a member a zero cannot begin another one.
                    state = anyMember && input.get(input.position()) == 0 ? State.PADDING : State.HEADER;
                }
                case HEADER -> {
                    if (!readHeader(input)) {
                        return null;
                    }
                }
                case DATA -> {
                    int size = inflate(input);
                    if (size > 0) {
                        return ByteBuffer.wrap(piece, 0, size);
                    }
                    if (state == State.DATA) {
                        return null;
                    }
                }
                case TRAILER -> {
                    if (!readTrailer(input)) {
                        return null;
                    }
                }
                case PADDING -> {
                    skipZeros(input);
                    return null;
                }
            }
        }
    }

    private boolean readHeader(ByteBuffer input) throws CodingException {
        while (input.hasRemaining()) {
            switch (header.accept(input.get() & 0xff)) {
                case MORE -> {}
                case NOT_GZIP ->
                    throw new CodingException(
                            anyMember ? "something that is no gzip follows the gzip data" : "it is no gzip data");
                case WRONG_CHECKSUM -> throw new CodingException("the checksum of a gzip header is wrong");
                case DONE -> {
                    inflater.reset();
                    checksum.reset();
                    state = State.DATA;
                    return true;
                }
            }
        }
        return false;
    }

    private int inflate(ByteBuffer input) throws CodingException {
        try {
            inflater.setInput(input);
            int size = inflater.inflate(piece);
            checksum.update(piece, 0, size);
            if (inflater.finished()) {
                trailer = 0;
                trailerBytes = 0;
                state = State.TRAILER;
            } else if (inflater.needsDictionary()) {
                throw new CodingException("the gzip data asks for a dictionary");
            }
            return size;
        } catch (DataFormatException e) {
            throw new CodingException("the gzip data is corrupt: " + e.getMessage(), e);
        }
    }

    private boolean readTrailer(ByteBuffer input) throws CodingException {
        while (input.hasRemaining()) {
            trailer |= (input.get() & 0xffL) << (8 * trailerBytes++);
            if (trailerBytes == TRAILER_BYTES) {
                if ((trailer & 0xffffffffL) != checksum.getValue()) {
                    throw new CodingException("the checksum of the gzip data is wrong");
                }
                if (trailer >>> 32 != (inflater.getBytesWritten() & 0xffffffffL)) {
                    throw new CodingException("the length of the gzip data is wrong");
                }
                anyMember = true;
                header = new GzipHeader();
                state = State.START;
                return true;
            }
        }
        return false;
    }

    private static void skipZeros(ByteBuffer input) throws CodingException {
        while (input.hasRemaining()) {
            if (input.get() != 0) {
                throw new CodingException("something that is no gzip follows the gzip data");
            }
        }
    }

    @Override
    public void finish() throws CodingException {
        if (state != State.START && state != State.PADDING) {
            throw new CodingException("the gzip data is cut short");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
