package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** Undoes base64: RFC 2045 section 6.8. Other characters than its own are passed over; its padding, which may be missing, is its end. */
final class Base64Decoder implements TransferDecoder {
    private byte[] digits = new byte[0];
    /** How many digits do not make a group of four yet. */
    private int left;

    private boolean ended;

    @Override
    public ByteBuffer decode(ByteBuffer more) {
        digits = Arrays.copyOf(digits, left + more.remaining());
        int count = left;
        while (more.hasRemaining()) {
            byte b = more.get();
            ended |= b == '=';
            if (!ended && isDigit(b)) {
                digits[count++] = b;
            }
        }
        int whole = count & ~3;
        ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(digits, 0, whole));
        left = count - whole;
        System.arraycopy(digits, whole, digits, 0, left);
        return decoded;
    }

    private static boolean isDigit(byte b) {
        return Fields.isAlphanumeric((char) (b & 0xff)) || b == '+' || b == '/';
    }

    @Override
    public ByteBuffer finish() {
        return Base64.getDecoder().decode(ByteBuffer.wrap(digits, 0, left));
    }
}
