package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a {@link ChecksumList}. Pure. Sources: GNU coreutils' manual, "md5sum invocation"; RFC 9580 section 7. */
final class ChecksumLines {
    private static final String SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
    private static final String SIGNATURE_END = "-----END PGP SIGNATURE-----";
    private static final int SHOWN = 60;

    private ChecksumLines() {}

    /**
     * A value.
     *
     * @param line its number, from 1
     * @param name of the file, with slashes between its elements; null for a value that stands alone
     * @param checksum what it must have
     */
    record Entry(int line, @Nullable String name, Checksum checksum) {}

    /** Where in a signed message a line is. */
    private enum Part {
        TEXT,
        HEADERS,
        SIGNED_TEXT,
        SIGNATURE
    }

    static List<Entry> parse(String source, String text) {
        List<Entry> entries = new ArrayList<>();
        Part part = Part.TEXT;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = trimmed(raw, number == 1);
            if (line.equals(SIGNED)) {
                part = Part.HEADERS;
            } else if (line.equals(SIGNATURE)) {
                part = Part.SIGNATURE;
            } else if (part == Part.HEADERS) {
                part = line.isBlank() ? Part.SIGNED_TEXT : Part.HEADERS;
            } else if (part == Part.SIGNATURE) {
                part = line.equals(SIGNATURE_END) ? Part.TEXT : Part.SIGNATURE;
            } else if (!line.isBlank() && line.charAt(0) != '#') {
                boolean dashed = part == Part.SIGNED_TEXT && line.startsWith("- ");
                entries.add(entry(source, number, dashed ? line.substring(2) : line));
            }
        }
        checkAlone(source, entries);
        return entries;
    }

    private static String trimmed(String raw, boolean first) {
        String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
        return first && line.startsWith("\ufeff") ? line.substring(1) : line;
    }

    /** A value without a name is for every file: then there must be no other. */
    private static void checkAlone(String source, List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.name == null && entries.size() > 1) {
                throw new IllegalArgumentException(
                        source + ", line " + entry.line + ": a value without a name, and it is not the only one");
            }
        }
    }

    private static Entry entry(String source, int number, String line) {
        boolean escaped = line.startsWith("\\");
        String rest = escaped ? line.substring(1) : line;
        try {
            Entry entry = tagged(number, rest, escaped);
            entry = entry == null ? plain(number, rest, escaped) : entry;
            if (entry != null) {
                return entry;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ", line " + number + ": " + e.getMessage(), e);
        }
        String shown = line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
        throw new IllegalArgumentException(
                source + ", line " + number + ": no \"HEX  name\" and no \"SHA256 (name) = HEX\": " + shown);
    }

    /** {@code SHA256 (name) = HEX}, of OpenSSL without the spaces; null if it is not of that form. */
    private static @Nullable Entry tagged(int number, String line, boolean escaped) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        Algorithm algorithm = open < 0 || close < open ? null : Algorithm.named(line.substring(0, open));
        String value = algorithm == null ? "" : line.substring(close + 1).strip();
        if (algorithm == null || !value.startsWith("=")) {
            return null;
        }
        String name = name(line.substring(open + 1, close), escaped);
        return new Entry(
                number, name, new Checksum(algorithm, value.substring(1).strip()));
    }

    /** {@code HEX  name}, {@code HEX *name}, {@code HEX name} or {@code HEX}; null if it is not of that form. */
    private static @Nullable Entry plain(int number, String line, boolean escaped) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
            end++;
        }
        String hex = line.substring(0, end);
        Algorithm algorithm = Checksum.isHex(hex) ? Algorithm.ofLength(hex.length()) : null;
        if (algorithm == null) {
            return null;
        }
        Checksum checksum = new Checksum(algorithm, hex);
        if (line.substring(end).isBlank()) {
            return new Entry(number, null, checksum);
        }
        char mark = line.charAt(end + 1);
        String name = line.substring(mark == ' ' || mark == '*' ? end + 2 : end + 1);
        return new Entry(number, name(name, escaped), checksum);
    }

    private static String name(String written, boolean escaped) {
        String name = escaped ? unescaped(written) : written;
        String relative = name.startsWith("./") ? name.substring(2) : name;
        if (relative.isEmpty() || relative.endsWith("/")) {
            throw new IllegalArgumentException("no name of a file: \"" + written + "\"");
        }
        return relative;
    }

    private static String unescaped(String written) {
        StringBuilder name = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\') {
                char escape = ++i < written.length() ? written.charAt(i) : ' ';
                c = switch (escape) {
                    case '\\' -> '\\';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> throw new IllegalArgumentException("\\" + escape + " in a name is no escape");
                };
            }
            name.append(c);
        }
        return name.toString();
    }
}
