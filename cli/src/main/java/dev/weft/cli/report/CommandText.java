package dev.weft.cli.report;

import dev.weft.cli.text.Credentials;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** A command line as it can be copied from the terminal and run again. Pure; any thread. */
public final class CommandText {
    private static final String HIDDEN = "***";

    private final List<String> words;
    private final boolean whole;

    private CommandText(List<String> words, boolean whole) {
        this.words = words;
        this.whole = whole;
    }

    /**
     * {@code fetch} with these arguments.
     *
     * @param arguments as the process got them
     * @param secrets what must not be shown, wherever it stands in an argument; an empty one is none
     */
    public static CommandText of(List<String> arguments, Collection<String> secrets) {
        List<String> words = new ArrayList<>();
        words.add("fetch");
        boolean whole = true;
        for (String argument : arguments) {
            String shown = Credentials.hide(argument);
            for (String secret : secrets) {
                shown = secret.isEmpty() ? shown : shown.replace(secret, HIDDEN);
            }
            whole &= shown.equals(argument);
            words.add(quoted(shown));
        }
        return new CommandText(List.copyOf(words), whole);
    }

    /** Whether it is the command that was run: no secret had to be left out. */
    boolean isWhole() {
        return whole;
    }

    /** In one line, quoted for a POSIX shell. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }

    private static String quoted(String word) {
        boolean plain = !word.isEmpty();
        boolean active = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            plain &= isPlain(c);
            active |= c < ' ' || c == 0x7f;
        }
        if (plain) {
            return word;
        }
        return active ? ansi(word) : "'" + word.replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || "%+,-./:=@_".indexOf(c) >= 0);
    }

    /** The form of bash, zsh and ksh that can have any character in it. */
    private static String ansi(String word) {
        StringBuilder out = new StringBuilder("$'");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '\'' -> out.append("\\'");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('\'').toString();
    }
}
