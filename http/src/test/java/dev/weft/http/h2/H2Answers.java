package dev.weft.http.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes answers as a script writes them, in HTTP/1.1, and says what they are in HTTP/2, as a gateway does: chunks are undone, what is of the connection is
 * left out, folds are unfolded. What is wrong with a field, a status or a length goes through as it is; what cannot be said in HTTP/2 at all is an error of
 * the script. Guarded by its connection's lock.
 */
final class H2Answers {
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "sec-websocket-accept");

    /**
     * A block of fields, or a piece of a body.
     *
     * @param fields names and values in turn; null for a piece of a body
     * @param whole whether the block is: half a head has no end
     * @param end whether it ends the answer
     */
    record Part(List<String> fields, byte[] body, boolean whole, boolean end) {}

    private enum At {
        NOTHING,
        HEAD,
        BODY,
        SIZE,
        CHUNK,
        BEHIND_CHUNK,
        TRAILERS,
        /** The body goes to the end of the connection. */
        TO_END
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private At at = At.NOTHING;
    private String method;
    private long left;
    private boolean bodiless;
    private boolean malformed;
    private boolean closes;
    private boolean switched;

    /** An answer to this is to come. */
    void begin(String to) {
        method = to;
        at = At.HEAD;
        closes = false;
        switched = false;
    }

    /** Whether the answer agrees to another protocol. */
    boolean hasSwitched() {
        return switched;
    }

    /** Whether an answer is not whole. */
    boolean isUnderWay() {
        return at != At.NOTHING;
    }

    /** Whether the connection is for no other request, as the head of the answer says. */
    boolean closes() {
        return closes;
    }

    /** What this is in HTTP/2; parts of it may come later. */
    List<Part> take(byte[] bytes) {
        for (int i = 0; i < bytes.length; ) {
            i = switch (at) {
                case NOTHING -> throw senseless("bytes behind an answer");
                case HEAD, SIZE, BEHIND_CHUNK, TRAILERS -> inLine(bytes, i);
                case BODY, CHUNK -> counted(bytes, i);
                case TO_END -> {
                    part(bytes, i, bytes.length);
                    yield bytes.length;
                }
            };
        }
        // What is behind an answer without a body can only be said as a body.
        if (at == At.TO_END && bodiless && !malformed && parts.getLast().fields != null) {
            end();
        }
        return taken();
    }

    /** The script is over: what is left of its answer. */
    List<Part> finish() {
        if (at == At.TO_END) {
            end();
        } else if (at == At.HEAD && !lines.isEmpty()) {
            parts.add(new Part(fields(lines), null, false, false));
        }
        at = At.NOTHING;
        return taken();
    }

    private List<Part> taken() {
        List<Part> all = List.copyOf(parts);
        parts.clear();
        return all;
    }

    private int inLine(byte[] bytes, int from) {
        byte next = bytes[from];
        if (next != '\n') {
            line.write(next);
            return from + 1;
        }
        String text = line.toString(ISO_8859_1);
        line.reset();
        onLine(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        return from + 1;
    }

    private int counted(byte[] bytes, int from) {
        int to = (int) Math.min(bytes.length, from + left);
        left -= to - from;
        part(bytes, from, to);
        if (left == 0 && at == At.BODY) {
            end();
        } else if (left == 0) {
            at = At.BEHIND_CHUNK;
        }
        return to;
    }

    private void part(byte[] bytes, int from, int to) {
        if (to > from) {
            parts.add(new Part(null, java.util.Arrays.copyOfRange(bytes, from, to), true, false));
        }
    }

    /** What was said last is the last of the answer. */
    private void end() {
        at = At.NOTHING;
        Part last = parts.isEmpty() ? new Part(null, new byte[0], true, false) : parts.removeLast();
        parts.add(new Part(last.fields, last.body, true, true));
    }

    private void onLine(String text) {
        switch (at) {
            case HEAD -> {
                if (!text.isEmpty()) {
                    lines.add(text);
                } else if (!lines.isEmpty()) {
                    onHead();
                    lines.clear();
                }
            }
            case SIZE -> {
                left = size(text.replaceFirst(";.*", "").strip());
                at = left == 0 ? At.TRAILERS : At.CHUNK;
            }
            case BEHIND_CHUNK -> {
                if (!text.isEmpty()) {
                    throw senseless("no line end behind a chunk");
                }
                at = At.SIZE;
            }
            default -> {
                if (!text.isEmpty()) {
                    lines.add(text);
                    return;
                }
                if (!lines.isEmpty()) {
                    lines.addFirst("");
                    parts.add(new Part(fields(lines), null, true, false));
                    lines.clear();
                }
                end();
            }
        }
    }

    private static long size(String digits) {
        if (digits.isEmpty() || digits.length() > 8 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw senseless("a chunk of the size " + digits);
        }
        return HexFormat.fromHexDigitsToLong(digits);
    }

    private void onHead() {
        List<String> fields = fields(lines);
        String status = fields.get(1);
        if (method.equals("CONNECT") && status.equals("101")) {
            switched = true;
            fields.set(1, "200");
            at = At.TO_END;
            bodiless = false;
            malformed = false;
            parts.add(new Part(fields, null, true, false));
            return;
        }
        parts.add(new Part(fields, null, true, false));
        if (status.length() == 3 && status.startsWith("1") && !status.equals("101")) {
            return;
        }
        String head = String.join("\n", lines).toLowerCase(Locale.ROOT) + "\n";
        closes = head.matches("(?s).*\nconnection:[^\n]*\\bclose\\b.*")
                || head.startsWith("http/1.0") && !head.contains("\nconnection: keep-alive");
        bodiless = method.equals("HEAD") || Set.of("101", "204", "304").contains(status);
        malformed = status.equals("101") || isMalformed(fields);
        if (bodiless || malformed) {
            at = At.TO_END;
        } else if (head.matches("(?s).*\ntransfer-encoding:[^\n]*chunked.*")) {
            at = At.SIZE;
        } else if (!fields.contains("content-length")) {
            at = At.TO_END;
        } else {
            left = Long.parseLong(lengths(fields).getFirst());
            at = At.BODY;
            if (left == 0) {
                end();
            }
        }
    }

    /** Whether a client has to refuse it: then it is for the client to end the stream. */
    private static boolean isMalformed(List<String> fields) {
        for (int i = 0; i < fields.size(); i += 2) {
            boolean name = fields.get(i).equals(":status") || fields.get(i).matches("[a-z0-9!#$%&'*+.^_`|~-]+");
            if (!name || !fields.get(i + 1).matches("[^\0\r\n]*")) {
                return true;
            }
        }
        return !fields.getFirst().equals(":status")
                ? false
                : !fields.get(1).matches("[1-9]\\d\\d") || lengths(fields).size() > 1;
    }

    /** What the lengths of a head say, each once; two if one says nothing. */
    private static List<String> lengths(List<String> fields) {
        List<String> lengths = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equals("content-length")) {
                lengths.addAll(List.of(fields.get(i + 1).split(" *, *", -1)));
            }
        }
        boolean numbers = lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}"));
        return numbers ? lengths.stream().distinct().toList() : List.of("", "");
    }

    /** Names and values, those of the connection left out; the first line says the status, unless it is empty. */
    private static List<String> fields(List<String> lines) {
        List<String> fields = new ArrayList<>();
        String[] start = lines.getFirst().split(" +", 3);
        if (start.length > 1) {
            fields.add(":status");
            fields.add(start[1]);
        }
        boolean kept = false;
        for (int i = 1; i < lines.size(); i++) {
            String text = lines.get(i);
            if (text.startsWith(" ") || text.startsWith("\t")) {
                if (i == 1) {
                    throw senseless("a fold of no field");
                }
                if (kept) {
                    fields.add((fields.removeLast() + " " + strip(text)).strip());
                }
                continue;
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw senseless("a field without a colon");
            }
            String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
            kept = !OF_THE_CONNECTION.contains(name);
            if (kept) {
                fields.add(name);
                fields.add(strip(text.substring(colon + 1)));
            }
        }
        return fields;
    }

    private static String strip(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    private static AssertionError senseless(String what) {
        return new AssertionError("this cannot be said in HTTP/2: " + what);
    }
}
