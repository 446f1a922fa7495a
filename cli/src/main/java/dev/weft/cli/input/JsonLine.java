package dev.weft.cli.input;

import dev.weft.http.download.Checksum;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * A line of a list that is a JSON object: {@code url}, {@code name}, {@code dir}, {@code checksum}, {@code headers}, {@code mirrors},
 * {@code segments}, {@code captures}. A line of fetch's own report is one, too: it has {@code v}, and all else in it is passed over. Any thread.
 */
final class JsonLine {
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Half a surrogate pair has no other form.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    private static final String ALLOWED = "url, name, dir, checksum, headers, mirrors, segments, captures";
    private static final long REPORT_VERSION = 1;

    private JsonLine() {}

    /** What an object holds, by the names of its members. */
    private static final class Members {
        @Nullable
        String url;

        @Nullable
        String name;

        @Nullable
        String dir;

        @Nullable
        String segments;

        @Nullable
        String version;

        @Nullable
        String unknown;

        boolean isSummary;
        final List<String> checksums = new ArrayList<>(0);
        final List<String> mirrors = new ArrayList<>(0);
        final List<String> captures = new ArrayList<>(0);
        /** Each as {@code Name: value}. */
        final List<String> headers = new ArrayList<>(0);
    }

    /**
     * Reads a line.
     *
     * @return null if it is the summary of a report, which is no URL
     * @throws IllegalArgumentException if it is malformed, says how
     */
    static @Nullable JobDraft read(String line) {
        Members members;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            members = members(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("malformed JSON: " + e.getOriginalMessage(), e);
        }
        if (members.version != null) {
            if (!members.version.equals(Long.toString(REPORT_VERSION))) {
                throw new IllegalArgumentException(
                        "a report of version " + members.version + "; this fetch knows " + REPORT_VERSION);
            }
            if (members.isSummary) {
                return null;
            }
        } else if (members.unknown != null) {
            throw new IllegalArgumentException("unknown member '" + members.unknown + "'; a line may have " + ALLOWED);
        }
        return draft(members);
    }

    private static JobDraft draft(Members members) {
        if (members.url == null) {
            throw new IllegalArgumentException("no member 'url'");
        }
        JobDraft draft = new JobDraft(members.url);
        draft.takeFragment();
        members.mirrors.forEach(draft::mirror);
        for (String checksum : members.checksums) {
            draft.checksum(Checksum.parse(checksum));
        }
        members.headers.forEach(draft::header);
        if (members.name != null) {
            draft.name(members.name);
        }
        if (members.dir != null) {
            draft.dir(members.dir);
        }
        if (members.segments != null) {
            draft.segments("segments", members.segments);
        }
        draft.captures(members.captures);
        return draft;
    }

    private static Members members(JsonParser json) {
        Members members = new Members();
        expect(json.nextToken(), JsonToken.START_OBJECT, "the line");
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            // A report says what was, not what is wanted: but for the URL its members mean something else.
            boolean ofReport = members.version != null && !key.equals("url");
            switch (ofReport ? "" : key) {
                case "url" -> members.url = text(json, key);
                case "name" -> members.name = text(json, key);
                case "dir" -> members.dir = text(json, key);
                case "checksum" -> texts(json, key, members.checksums);
                case "mirrors" -> texts(json, key, members.mirrors);
                case "captures" -> texts(json, key, members.captures);
                case "headers" -> headers(json, members.headers);
                case "segments" -> members.segments = scalar(json);
                case "v" -> members.version = scalar(json);
                default -> {
                    members.unknown = key;
                    members.isSummary |= key.equals("summary");
                    json.skipChildren();
                }
            }
        }
        if (json.nextToken() != null) {
            throw new IllegalArgumentException("malformed JSON: more than one object in the line");
        }
        return members;
    }

    private static String scalar(JsonParser json) {
        json.skipChildren();
        return String.valueOf(json.getString());
    }

    private static String text(JsonParser json, String key) {
        expect(json.currentToken(), JsonToken.VALUE_STRING, "'" + key + "'");
        return json.getString();
    }

    /** A string, or an array of strings. */
    private static void texts(JsonParser json, String key, List<String> into) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            into.add(text(json, key));
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            into.add(text(json, key));
        }
    }

    /** An object of names with a value each, or several; or an array of fields as they are sent. */
    private static void headers(JsonParser json, List<String> into) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            texts(json, "headers", into);
            return;
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            List<String> values = new ArrayList<>(1);
            texts(json, name, values);
            for (String value : values) {
                into.add(name + ": " + value);
            }
        }
    }

    private static void expect(@Nullable JsonToken token, JsonToken wanted, String what) {
        if (token != wanted) {
            String kind = wanted == JsonToken.VALUE_STRING ? "a string" : "an object";
            throw new IllegalArgumentException(what + " is not " + kind);
        }
    }
}
