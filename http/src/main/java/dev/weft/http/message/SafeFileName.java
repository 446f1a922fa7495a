package dev.weft.http.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * File names out of what comes from outside.
 *
 * <p>Invariant: every name given out is a single path element that is not empty, starts with neither a dot nor a dash nor a
 * space, holds no separator, no control or direction-changing character, and nothing that Windows forbids; it ends with neither
 * a dot nor a space, is no device of Windows, and is no longer than asked for. So it can neither leave its directory, nor hide, nor be read
 * as an option, nor repaint a terminal. Pure; any thread.
 */
public final class SafeFileName {
    /** An extension longer than this is no extension, but the end of a name with a dot in it. */
    private static final int MAX_EXTENSION = 16;

    private static final String FORBIDDEN = "/\\<>:\"|?*";
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");
    private static final String DEVICE_DIGITS = "0123456789\u00b9\u00b2\u00b3";

    private SafeFileName() {}

    /**
     * A suggested name made safe; what may not stand in it becomes {@code _}. Gives the same again for what it gave.
     *
     * @param maxBytes of the name in UTF-8, at least 32; a longer one is cut before its extension
     * @return null if nothing is left
     */
    public static @Nullable String of(String suggested, int maxBytes) {
        if (maxBytes < 32) {
            throw new IllegalArgumentException("a name of at most " + maxBytes + " bytes: it takes 32 or more");
        }
        StringBuilder safe = new StringBuilder(suggested.length());
        for (int i = 0; i < suggested.length(); ) {
            int c = suggested.codePointAt(i);
            safe.appendCodePoint(isForbidden(c) ? '_' : c);
            i += Character.charCount(c);
        }
        String name = trim(safe.toString());
        if (isDevice(name)) {
            name = "_" + name;
        }
        name = fit(name, "", maxBytes);
        return name.isEmpty() ? null : name;
    }

    /** What is behind the last separator: slash or backslash, plain or percent-encoded. Not safe yet. */
    public static String lastElement(String path) {
        int start = 0;
        for (int i = 0; i < path.length(); i++) {
            int end = endOfSeparator(path, i);
            if (end > i) {
                start = end;
                i = end - 1;
            }
        }
        return path.substring(start);
    }

    /** The place behind a slash or backslash that begins here, percent-encoded once or more often or not at all; here if none does. */
    private static int endOfSeparator(String path, int at) {
        char c = path.charAt(at);
        if (c == '/' || c == '\\') {
            return at + 1;
        }
        if (c != '%') {
            return at;
        }
        int code = at + 1;
        while (path.startsWith("25", code)) {
            code += 2;
        }
        boolean separator = path.regionMatches(true, code, "2f", 0, 2) || path.regionMatches(true, code, "5c", 0, 2);
        return separator ? code + 2 : at;
    }

    /** A safe name with a number before its extension ({@code a.tar.gz}, 2: {@code a.2.tar.gz}), still safe. */
    public static String numbered(String safeName, int number, int maxBytes) {
        return fit(safeName, "." + number, maxBytes);
    }

    /** Inserts the mark before the extension and cuts the stem, at a code point, so that all of it fits. */
    private static String fit(String name, String mark, int maxBytes) {
        int dot = extensionStart(name);
        String extension = name.substring(dot);
        int room = maxBytes - bytes(mark) - bytes(extension);
        String stem = name.substring(0, dot);
        String cut = cut(stem, room);
        // Only a cut can leave a dot or a space where it does not belong.
        return (cut.length() < stem.length() ? stripTrailing(cut) : stem) + mark + extension;
    }

    private static boolean isForbidden(int c) {
        if (c < 0x20 || FORBIDDEN.indexOf(c) >= 0) {
            return true;
        }
        if (c < 0x7f) {
            return false;
        }
        return switch (Character.getType(c)) {
            // U+FFFD is what is left of bytes that were no UTF-8.
            case Character.OTHER_SYMBOL -> c == 0xfffd;
            // Joiners shape letters and emoji; other format characters turn the direction of text or cannot be seen.
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
