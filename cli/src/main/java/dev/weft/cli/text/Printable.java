package dev.weft.cli.text;

import java.util.HexFormat;

/**
 * Text from outside (URLs, names, what servers say) made fit for a terminal: what would move the cursor, colour, ring, or turn the
 * direction of the text becomes visible as a Java-style escape. Pure; any thread.
 */
public final class Printable {
    private Printable() {}

    /** The text on one line, with nothing in it that a terminal would act upon. Gives back the same object if it is fit already. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isActive(text, i)) {
                return escape(text);
            }
        }
        return text;
    }

    /** A URL like {@link #of}, without the credentials in it. */
    public static String url(String url) {
        return of(Credentials.hide(url));
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isActive(text, i)) {
                out.append(c);
            } else {
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return out.toString();
    }

    private static boolean isActive(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x7f) {
            return c < 0x20;
        }
        if (Character.isSurrogate(c)) {
            return !isPaired(text, i);
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d;
            default -> false;
        };
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
