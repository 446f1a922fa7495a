package dev.weft.http.h2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A header block that a server sends, right or wrong: names and values as they are given, in literals of RFC 7541, without Huffman coding, and bytes
 * as they are.
 */
public final class H2Block {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private H2Block() {}

    /** An empty block. */
    public static H2Block empty() {
        return new H2Block();
    }

    /** Names and values in turn, in Latin-1. */
    public static H2Block of(String... fields) {
        return empty().and(fields);
    }

    /** The head of an answer: the status, then names and values in turn. */
    public static H2Block status(String status, String... fields) {
        return of(":status", status).and(fields);
    }

    /** More names and values: literals that leave the dynamic table alone (section 6.2.2). */
    public H2Block and(String... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            bytes.write(0);
            string(fields[i]);
            string(fields[i + 1]);
        }
        return this;
    }

    /** A field that goes into the dynamic table too (section 6.2.1). */
    public H2Block indexed(String name, String value) {
        bytes.write(0x40);
        string(name);
        string(value);
        return this;
    }

    /** A field of the table, by its index (section 6.1): the dynamic table begins at 62. */
    public H2Block index(int index) {
        return integer(0x80, 7, index);
    }

    /** A change of the dynamic table's size (section 6.3). */
    public H2Block tableSize(int size) {
        return integer(0x20, 5, size);
    }

    /** Bytes as they are. */
    public H2Block raw(int... some) {
        for (int one : some) {
            bytes.write(one);
        }
        return this;
    }

    private void string(String text) {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        integer(0, 7, content.length);
        bytes.writeBytes(content);
    }

    /** Section 5.1. */
    private H2Block integer(int pattern, int prefixBits, int value) {
        int most = (1 << prefixBits) - 1;
        if (value < most) {
            bytes.write(pattern | value);
            return this;
        }
        bytes.write(pattern | most);
        int rest = value - most;
        for (; rest >= 128; rest >>>= 7) {
            bytes.write(rest & 127 | 128);
        }
        bytes.write(rest);
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
