package dev.weft.http.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Undoes quoted-printable: RFC 2045 section 6.7. What is malformed stays as it is; space at the end of a line, which transports may
 * add, is dropped.
 */
final class QuotedPrintableDecoder implements TransferDecoder {
    /** More space than this in one place was no transport's. */
    private static final int SPACE_BYTES = 1024;

    private enum State {
        TEXT,
        /** Behind an equals sign. */
        ESCAPE,
        /** Behind an equals sign and a hex digit. */
        DIGIT,
        /** Behind an equals sign and space: a line end must follow. */
        SOFT_SPACE,
        /** Behind an equals sign and a carriage return. */
        SOFT_RETURN
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    /** Space of which it is not known yet whether the line ends behind it. */
    private final ByteArrayOutputStream space = new ByteArrayOutputStream();

    private State state = State.TEXT;
    private byte digit;

    @Override
    public ByteBuffer decode(ByteBuffer more) {
        while (more.hasRemaining()) {
            accept(more.get());
        }
        return taken();
    }

    private ByteBuffer taken() {
        ByteBuffer decoded = ByteBuffer.wrap(out.toByteArray());
        out.reset();
        return decoded;
    }

    private void accept(byte b) {
        switch (state) {
            case TEXT -> text(b);
            case ESCAPE -> escape(b);
            case DIGIT -> digit(b);
            case SOFT_SPACE -> softSpace(b);
            case SOFT_RETURN -> {
                state = State.TEXT;
                if (b != '\n') {
                    text(b);
                }
            }
        }
    }

    private void text(byte b) {
        switch (b) {
            case ' ', '\t' -> {
                space.write(b);
                if (space.size() > SPACE_BYTES) {
                    keepSpace();
                }
            }
            case '\r', '\n' -> {
                space.reset();
                out.write(b);
            }
            case '=' -> {
                keepSpace();
                state = State.ESCAPE;
            }
            default -> {
                keepSpace();
                out.write(b);
            }
        }
    }

    private void escape(byte b) {
        switch (b) {
            case '\n' -> state = State.TEXT;
            case '\r' -> state = State.SOFT_RETURN;
            case ' ', '\t' -> {
                space.write(b);
                state = State.SOFT_SPACE;
            }
            default -> {
                if (Character.digit(b, 16) >= 0) {
                    digit = b;
                    state = State.DIGIT;
                } else {
                    giveUp(b);
                }
            }
        }
    }

    private void digit(byte b) {
        if (Character.digit(b, 16) >= 0) {
            out.write(Character.digit(digit, 16) << 4 | Character.digit(b, 16));
            state = State.TEXT;
        } else {
            out.write('=');
            out.write(digit);
            state = State.TEXT;
            text(b);
        }
    }

    private void softSpace(byte b) {
        switch (b) {
            case '\n', '\r' -> {
                space.reset();
                state = b == '\n' ? State.TEXT : State.SOFT_RETURN;
            }
            case ' ', '\t' -> {
                if (space.size() < SPACE_BYTES) {
                    space.write(b);
                } else {
                    giveUp(b);
                }
            }
            default -> giveUp(b);
        }
    }

    /** The equals sign was none of the encoding. */
    private void giveUp(byte b) {
        out.write('=');
        state = State.TEXT;
        text(b);
    }

    private void keepSpace() {
        out.writeBytes(space.toByteArray());
        space.reset();
    }

    @Override
    public ByteBuffer finish() {
        if (state == State.DIGIT) {
            out.write('=');
            out.write(digit);
        }
        return taken();
    }
}
