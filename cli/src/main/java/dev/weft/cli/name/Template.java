package dev.weft.cli.name;

import dev.weft.cli.input.Job;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A pattern of names, as {@code {host}/{name}} or {@code p#1.jpg}. What stands in it as it is, the user has said: it is taken as it is, an absolute path
 * included. What is put in is safe and has no separator, but for {@code {path}}, whose elements are safe. Immutable; any thread.
 */
public final class Template {
    private static final String KNOWN = "{host} {path} {name} {stem} {ext} {n} {#1}";
    /** An extension longer than this is the end of a name with a dot in it. */
    private static final int MAX_EXTENSION = 15;

    /** The directories in front that have nothing to put in. */
    private final String root;

    private final List<Piece> pieces;

    /** What is put in, or a text. */
    private enum Kind {
        TEXT,
        HOST,
        PATH,
        NAME,
        STEM,
        EXT,
        N,
        CAPTURE
    }

    /**
     * A piece of the template.
     *
     * @param text what stands there: as it is, or where the capture is missing
     * @param number of the capture, from 1
     */
    private record Piece(Kind kind, String text, int number) {}

    private Template(String root, List<Piece> pieces) {
        this.root = root;
        this.pieces = pieces;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is malformed, says how
     */
    public static Template parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty name");
        }
        int slash = endOfRoot(text);
        StringBuilder root = new StringBuilder();
        for (Piece piece : pieces(text.substring(0, slash), text)) {
            root.append(piece.text);
        }
        String rest = text.substring(slash);
        if (!rest.equals("..") && ("/" + rest + "/").contains("/../")) {
            throw new IllegalArgumentException("'" + text + "': .. behind what is put in can lead anywhere");
        }
        String last = rest.substring(rest.lastIndexOf('/') + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            // A directory: its files have their own names.
            rest = rest.substring(0, rest.length() - last.length()) + "{name}";
            root.append(last.equals("..") ? "../" : "");
        }
        try {
            return new Template(Path.of(root.toString()).toString(), pieces(rest, text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no path: " + e.getReason(), e);
        }
    }

    /** The place behind the last slash before which nothing is put in. */
    private static int endOfRoot(String text) {
        int end = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                end = i + 1;
            } else if (c == '{' && text.startsWith("{{", i)) {
                i++;
            } else if (c == '{' || (c == '#' && isDigit(text, i + 1))) {
                return end;
            }
        }
        return end;
    }

    private static List<Piece> pieces(String text, String whole) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (text.startsWith("{{", i)) {
                literal.append('{');
                i += 2;
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException("'" + whole + "': { is not closed; {{ stands for a brace");
                }
                endText(literal, pieces);
                pieces.add(field(text.substring(i, end + 1), whole));
                i = end + 1;
            } else if (c == '#' && isDigit(text, i + 1)) {
                int end = i + 1;
                while (isDigit(text, end)) {
                    end++;
                }
                endText(literal, pieces);
                pieces.add(capture(text.substring(i, end), text.substring(i + 1, end), whole));
                i = end;
            } else {
                literal.append(c);
                i++;
            }
        }
        endText(literal, pieces);
        return pieces;
    }

    private static void endText(StringBuilder literal, List<Piece> pieces) {
        if (!literal.isEmpty()) {
            pieces.add(new Piece(Kind.TEXT, literal.toString(), 0));
            literal.setLength(0);
        }
    }

    private static Piece field(String braced, String whole) {
        String key = braced.substring(1, braced.length() - 1);
        if (key.startsWith("#") && isDigit(key, 1)) {
            return capture(braced, key.substring(1), whole);
        }
        Kind kind = switch (key) {
            case "host" -> Kind.HOST;
            case "path" -> Kind.PATH;
            case "name" -> Kind.NAME;
            case "stem" -> Kind.STEM;
            case "ext" -> Kind.EXT;
            case "n" -> Kind.N;
            default ->
                throw new IllegalArgumentException(
                        "'" + whole + "': unknown " + braced + "; known are " + KNOWN + ", and {{ stands for a brace");
        };
        return new Piece(kind, braced, 0);
    }

    private static Piece capture(String text, String digits, String whole) {
        int number;
        try {
            number = Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + whole + "': there is no pattern " + text, e);
        }
        return new Piece(Kind.CAPTURE, text, number);
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** The directory in which all its files are. */
    Path root(Path directory) {
        return directory.resolve(root);
    }

    /** Whether the name of the URL, or a part of it, is put in. */
    boolean usesName() {
        for (Piece piece : pieces) {
            if (piece.kind == Kind.NAME || piece.kind == Kind.STEM || piece.kind == Kind.EXT) {
                return true;
            }
        }
        return false;
    }

    /** The path below the root for a URL whose file has a name. */
    String expand(Job job, long number, String name) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(value(piece, job, number, name));
        }
        String path = elements(text.toString());
        return path.isEmpty() ? SafeParts.FALLBACK : path;
    }

    private static String value(Piece piece, Job job, long number, String name) {
        return switch (piece.kind) {
            case TEXT -> piece.text;
            case HOST -> SafeParts.hostOf(job.url());
            case PATH -> SafeParts.directoriesOf(job.url());
            case NAME -> name;
            case STEM -> name.substring(0, extension(name));
            case EXT -> name.substring(Math.min(name.length(), extension(name) + 1));
            case N -> Long.toString(number);
            case CAPTURE -> {
                if (piece.number < 1 || piece.number > job.captures().size()) {
                    yield piece.text;
                }
                String safe = SafeParts.element(job.captures().get(piece.number - 1));
                yield safe == null ? "" : safe;
            }
        };
    }

    /** Nothing that was put in can join with what stands there to lead upwards, or be longer than a name may be. */
    private static String elements(String text) {
        StringBuilder path = new StringBuilder(text.length());
        for (String element : text.split("/", -1)) {
            if (element.isEmpty()) {
                continue;
            }
            boolean fits = element.getBytes(StandardCharsets.UTF_8).length <= SafeParts.MAX_BYTES;
            String safe = fits ? element : SafeParts.element(element);
            boolean upwards = element.equals(".") || element.equals("..");
            path.append(path.isEmpty() ? "" : "/").append(upwards || safe == null ? "_" : safe);
        }
        return path.toString();
    }

    /** The place of the dot of the extension, {@code .tar.gz} as a whole; the end if there is none. */
    private static int extension(String name) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || name.length() - dot - 1 > MAX_EXTENSION) {
            return name.length();
        }
        int before = name.lastIndexOf('.', dot - 1);
        boolean archive = before > 0
                && name.substring(before, dot).toLowerCase(Locale.ROOT).equals(".tar");
        return archive ? before : dot;
    }
}
