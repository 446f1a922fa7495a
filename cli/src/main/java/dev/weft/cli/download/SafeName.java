package dev.weft.cli.download;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Makes file names out of what comes from outside: URLs, and names that servers suggest.
 *
 * <p>Invariant: every name given out is a single path element that is not empty, starts with neither a dot nor a dash nor a
 * space, holds no separator, no control or direction-changing character, and nothing that Windows forbids; it ends with neither
 * a dot nor a space, is no device of Windows, and has at most {@link #MAX_BYTES} bytes in UTF-8. So it can neither leave its
 * directory, nor hide, nor be read as an option, nor repaint a terminal. Pure; any thread.
 */
public final class SafeName {
    /** 255 is what file systems take; the rest is room for the marks of a temporary name ({@link PartFile}). */
    public static final int MAX_BYTES = 255 - PartFile.MARK_BYTES;

    /** The name of a file whose URL names none. */
    public static final String FALLBACK = "index";

    /** An extension longer than this is no extension, but the end of a name with a dot in it. */
    private static final int MAX_EXTENSION = 16;

    private static final String FORBIDDEN = "/\\<>:\"|?*";
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");
    private static final String DEVICE_DIGITS = "0123456789\u00b9\u00b2\u00b3";

    private SafeName() {}

    /**
     * The name of the file for a URL: its last path segment, percent-decoded once and made safe; {@link #FALLBACK} if that leaves
     * nothing. The text need not be a valid URL.
     */
    public static String fromUrl(String url) {
        return of(decodePercent(lastSegment(url)));
    }

    /** A suggested name made safe; it is not percent-decoded. Gives the same again for what it gave. */
    public static String of(String suggested) {
        StringBuilder safe = new StringBuilder(suggested.length());
        suggested.codePoints().forEach(c -> safe.appendCodePoint(isForbidden(c) ? '_' : c));
        String name = trim(safe.toString());
        if (isDevice(name)) {
            name = "_" + name;
        }
        name = fit(name, "");
        return name.isEmpty() ? FALLBACK : name;
    }

    /** The name with a number before its extension ({@code a.tar.gz}, 2: {@code a.2.tar.gz}), still safe. */
    public static String numbered(String safeName, int number) {
        return fit(safeName, "." + number);
    }

    /** Inserts the mark before the extension and cuts the stem, at a code point, so that all of it fits. */
    private static String fit(String name, String mark) {
        int dot = extensionStart(name);
        String extension = name.substring(dot);
        int room = MAX_BYTES - bytes(mark) - bytes(extension);
        String stem = name.substring(0, dot);
        String cut = cut(stem, room);
        // Only a cut can leave a dot or a space where it does not belong.
        return (cut.length() < stem.length() ? stripTrailing(cut) : stem) + mark + extension;
    }

    static String lastSegment(String url) {
        int end = url.length();
        for (int i = 0; i < end; i++) {
            char c = url.charAt(i);
            if (c == '?' || c == '#') {
                end = i;
            }
        }
        int scheme = url.indexOf("://");
        int authority = scheme >= 0 && scheme < end ? scheme + 3 : 0;
        int slash = url.lastIndexOf('/', end - 1);
        return slash < authority ? "" : url.substring(slash + 1, end);
    }

    static String decodePercent(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isForbidden(int c) {
        if (c < 0x20 || FORBIDDEN.indexOf(c) >= 0) {
            return true;
        }
        if (c < 0x7f) {
            return false;
        }
        return switch (Character.getType(c)) {
            // U+FFFD is what is left of bytes that were no UTF-8. Joiners shape letters and emoji; other format
            // characters
            // turn the direction of text or cannot be seen.
            case Character.OTHER_SYMBOL -> c == 0xfffd;
            case Character.FORMAT -> c != 0x200c && c != 0x200d;
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    private static String trim(String name) {
        int start = 0;
        while (start < name.length() && (isEdge(name.charAt(start)) || name.charAt(start) == '-')) {
            start++;
        }
        return stripTrailing(name.substring(start));
    }

    private static String stripTrailing(String name) {
        int end = name.length();
        while (end > 0 && isEdge(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(0, end);
    }

    private static boolean isEdge(char c) {
        return c == '.' || Character.isSpaceChar(c);
    }

    /** Windows takes these for devices whatever their extension. */
    private static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String base = stripTrailing(dot < 0 ? name : name.substring(0, dot)).toUpperCase(Locale.ROOT);
        boolean numbered = base.length() == 4
                && (base.startsWith("COM") || base.startsWith("LPT"))
                && DEVICE_DIGITS.indexOf(base.charAt(3)) >= 0;
        return numbered || DEVICES.contains(base);
    }

    private static int extensionStart(String name) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || bytes(name.substring(dot)) > MAX_EXTENSION) {
            return name.length();
        }
        String tar = ".tar";
        boolean archive = dot > tar.length() && name.regionMatches(true, dot - tar.length(), tar, 0, tar.length());
        return archive ? dot - tar.length() : dot;
    }

    private static String cut(String text, int maxBytes) {
        if (bytes(text) <= maxBytes) {
            return text;
        }
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (used + size > maxBytes) {
                break;
            }
            used += size;
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
