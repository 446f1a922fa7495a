package dev.weft.cli.input;

import dev.weft.cli.input.Job.Fault;
import dev.weft.cli.input.Job.Place;
import dev.weft.http.download.Checksum;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job whose options come one after the other, by the names that they have in lists: aria2's. Any one thread. */
final class JobDraft {
    private static final String ALLOWED =
            "out, dir, checksum, header, referer, user-agent, split, max-connection-per-server";
    /** More than anybody can use. */
    private static final int MOST_SEGMENTS = 64;

    private final String url;
    private final List<String> mirrors = new ArrayList<>();
    private final List<Checksum> checksums = new ArrayList<>();
    private final Headers.Builder headers = Headers.builder();
    private List<String> captures = List.of();
    private @Nullable String name;
    private @Nullable String dir;
    private int segments;

    /**
     * @param url as it is written
     */
    JobDraft(String url) {
        this.url = url;
    }

    /**
     * Takes the checksums in the fragment of the URL.
     *
     * @throws IllegalArgumentException if one is malformed
     */
    void takeFragment() {
        takeFragment(url);
    }

    /** What patterns stand for in the URL. */
    void captures(List<String> texts) {
        captures = texts;
    }

    /**
     * Adds another place of the same file, and the checksums in its fragment.
     *
     * @throws IllegalArgumentException if one of them is malformed
     */
    void mirror(String other) {
        mirrors.add(other);
        takeFragment(other);
    }

    private void takeFragment(String text) {
        int hash = text.indexOf('#');
        if (hash < 0) {
            return;
        }
        int from = hash + 1;
        while (from <= text.length()) {
            int and = text.indexOf('&', from);
            int end = and < 0 ? text.length() : and;
            String part = text.substring(from, end);
            if (namesAlgorithm(part)) {
                checksum(Checksum.parse(part));
            }
            from = end + 1;
        }
    }

    /** Whether it is a checksum, {@code sha256=HEX}: other things stand in fragments, too. */
    private static boolean namesAlgorithm(String part) {
        int equals = part.indexOf('=');
        String name = part.substring(0, Math.max(equals, 0)).replace("-", "");
        for (Checksum.Algorithm algorithm : Checksum.Algorithm.values()) {
            if (algorithm.label().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a value that the file must have. */
    void checksum(Checksum expected) {
        if (!checksums.contains(expected)) {
            checksums.add(expected);
        }
    }

    /**
     * Names the file.
     *
     * @throws IllegalArgumentException if it has a name
     */
    void name(String text) {
        if (name != null) {
            throw new IllegalArgumentException("two names, '" + name + "' and '" + text + "'");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("the name is empty");
        }
        name = text;
    }

    /**
     * Sets the directory.
     *
     * @throws IllegalArgumentException if it is not below that of the run
     */
    void dir(String text) {
        if (text.startsWith("/") || ("/" + text + "/").contains("/../")) {
            throw new IllegalArgumentException("dir '" + text
                    + "': the directories of a list are below that of -d, so they neither begin with / nor hold ..");
        }
        dir = text.isBlank() ? null : text;
    }

    /**
     * Sets an option of a list.
     *
     * @throws IllegalArgumentException if there is none of that name, or its value is wrong
     */
    void set(String key, String value) {
        switch (key) {
            case "out" -> name(value);
            case "dir" -> dir(value);
            case "checksum" -> checksum(Checksum.parse(value));
            case "header" -> header(value);
            case "referer" -> headers.set("Referer", value.equals("*") ? ownReferer() : value);
            case "user-agent" -> headers.set("User-Agent", value);
            case "split", "max-connection-per-server" -> segments(key, value);
            default -> throw new IllegalArgumentException("unknown option '" + key + "'; a list may have " + ALLOWED);
        }
    }

    /** As aria2 has it, {@code *} is the URL itself: without password and fragment, which no server may hear. */
    private String ownReferer() {
        try {
            return HttpUrl.parse(url).withFragment(null).toString();
        } catch (InvalidUrlException e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }

    /**
     * Adds a header field, written as {@code Name: value}.
     *
     * @throws IllegalArgumentException if it is none, or holds what no header may
     */
    void header(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("header '" + line + "': it is written as Name: value");
        }
        headers.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }

    /**
     * Limits the connections. aria2 has two options for it; the one that allows less holds there, too.
     *
     * @throws IllegalArgumentException if the value is no such number
     */
    void segments(String key, String value) {
        int number = 0;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            // Told below.
        }
        if (number < 1 || number > MOST_SEGMENTS) {
            throw new IllegalArgumentException(key + " '" + value + "' is no number from 1 to " + MOST_SEGMENTS);
        }
        segments = segments == 0 ? number : Math.min(segments, number);
    }

    /** What has come together. */
    Job build(@Nullable Place place) {
        return build(place, null);
    }

    /** The same, with what is wrong with it. */
    Job build(@Nullable Place place, @Nullable Fault fault) {
        JobOptions options = new JobOptions(name, dir, checksums, headers.build(), segments);
        return new Job(url, mirrors, captures, options, place, fault);
    }
}
