package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A form as {@code multipart/form-data}, also where it has no files; a form without any is shorter as {@link Body#form}.
 *
 * <p>Names of fields and files are sent as browsers do: in UTF-8, a quotation mark as {@code %22}. Every part has a {@code Content-Type}. Has
 * a length if all its parts have one, and is replayable if they all are. Add nothing while a request sends it. Confined to one thread.
 *
 * <p>Source: RFC 7578; aiohttp's {@code FormData}.
 */
@CheckReturnValue
public final class FormData implements Body {
    private final Multipart parts = new Multipart("form-data");

    /** A form without fields. */
    public FormData() {}

    /**
     * Adds a text, in UTF-8, as {@code text/plain; charset=utf-8}.
     *
     * @throws IllegalArgumentException if the name holds CR, LF, NUL or another control character
     */
    @CanIgnoreReturnValue
    public FormData field(String name, String value) {
        return field(name, Body.of(value));
    }

    /** Adds a text, in UTF-8, with another {@code Content-Type}; see {@link #field(String, String)}. */
    @CanIgnoreReturnValue
    public FormData field(String name, String value, String contentType) {
        return field(name, Body.of(value).withContentType(contentType));
    }

    /** Adds a field that is no file, JSON for example, with the body's {@code Content-Type}; see {@link #field(String, String)}. */
    @CanIgnoreReturnValue
    public FormData field(String name, Body value) {
        return add("form-data; name=" + quote("field", name), value);
    }

    /**
     * Adds a file, under its own name and of the type that this tells.
     *
     * @throws java.io.UncheckedIOException if there is none
     * @throws IllegalArgumentException if it is no regular file, or a name holds a control character
     */
    @CanIgnoreReturnValue
    public FormData file(String name, Path file) {
        Path last = file.getFileName();
        return file(name, last == null ? "" : last.toString(), Body.of(file));
    }

    /** Adds something as a file of a name, with the body's {@code Content-Type}; see {@link #field(String, String)}. */
    @CanIgnoreReturnValue
    public FormData file(String name, String filename, Body content) {
        String named = "form-data; name=" + quote("field", name);
        return add(named + "; filename=" + quote("file", filename), content);
    }

    private FormData add(String disposition, Body body) {
        parts.append(Headers.builder().add("Content-Disposition", disposition).build(), body);
        return this;
    }

    /** The escape is that of WHATWG HTML section 4.10.21.8, but for line ends, which it would change in silence. */
    private static String quote(String of, String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("the " + of + " name " + Fields.quote(name)
                        + " holds the control character " + String.format("U+%04X", (int) c) + " at " + i);
            }
        }
        return '"' + name.replace("\"", "%22") + '"';
    }

    /** What stands between the parts: random, and always the same for this object. */
    public String boundary() {
        return parts.boundary();
    }

    @Override
    public OptionalLong length() {
        return parts.length();
    }

    @Override
    public boolean isReplayable() {
        return parts.isReplayable();
    }

    @Override
    public String contentType() {
        return parts.contentType();
    }

    @Override
    public BodySource open() {
        return parts.open();
    }

    @Override
    public @Nullable ByteBuffer content() {
        return parts.content();
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
