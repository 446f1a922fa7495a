package dev.weft.cli.text;

/** Takes user names and passwords out of URLs, wherever they stand in a text. Pure; any thread. */
public final class Credentials {
    private static final String HIDDEN = "***";

    private Credentials() {}

    /**
     * The text with {@code ***} for what stands before the {@code @} of each URL in it, the user's name too: often that is a token. Gives back the
     * same object if there is none.
     */
    public static String hide(String text) {
        String out = text;
        int from = 0;
        while (true) {
            int slashes = out.indexOf("//", from);
            if (slashes < 0) {
                return out;
            }
            int start = slashes + 2;
            int end = endOfAuthority(out, start);
            int at = out.lastIndexOf('@', end - 1);
            if (at > start && beginsAuthority(out, slashes)) {
                out = out.substring(0, start) + HIDDEN + out.substring(at);
            }
            from = start;
        }
    }

    /** In a path, two slashes are nothing special. */
    private static boolean beginsAuthority(String text, int slashes) {
        return slashes == 0 || ": \t\"'<(=".indexOf(text.charAt(slashes - 1)) >= 0;
    }

    private static int endOfAuthority(String text, int start) {
        int end = start;
        while (end < text.length() && " \t\r\n\"'<>/?#\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
