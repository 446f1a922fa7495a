package dev.weft.cli.input;

import dev.weft.http.download.Checksum;
import dev.weft.http.message.Headers;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * A job as lines of a list. What {@link UrlList} makes of them is the same job, but for its place. Pure; any thread.
 */
final class JobText {
    private JobText() {}

    /** The lines, each with its end. What cannot be fetched as it is written stays as it is written, under a comment that says why. */
    static String of(Job job) {
        if (job.fault() != null) {
            return "# " + oneLine(job.fault().message()) + "\n" + job.fault().text();
        }
        return (isPlain(job) ? plain(job) : json(job)) + "\n";
    }

    private static String plain(Job job) {
        StringBuilder line = new StringBuilder(job.url());
        for (String mirror : job.mirrors()) {
            line.append('\t').append(mirror);
        }
        if (job.options().name() != null) {
            line.append('\t').append(job.options().name());
        }
        return line.toString();
    }

    /** Whether a line of URLs and a name says all of it. */
    private static boolean isPlain(Job job) {
        JobOptions options = job.options();
        boolean bare = job.captures().isEmpty()
                && options.dir() == null
                && options.headers().size() == 0
                && options.segments() == 0
                && options.checksums().equals(Job.of(job.url()).options().checksums());
        if (!bare
                || !isField(job.url())
                || job.url().startsWith("#")
                || job.url().startsWith("{")) {
            return false;
        }
        for (String mirror : job.mirrors()) {
            if (!mirror.contains("://") || !isField(mirror)) {
                return false;
            }
        }
        String name = options.name();
        return name == null || (isField(name) && !name.contains("://"));
    }

    /** Whether the text stays what it is between tabs. */
    private static boolean isField(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '\ufeff' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return !text.isEmpty() && text.strip().equals(text);
    }

    private static String json(Job job) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JsonLine.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            JobOptions options = job.options();
            json.writeStartObject();
            json.writeStringProperty("url", job.url());
            if (options.name() != null) {
                json.writeStringProperty("name", options.name());
            }
            if (options.dir() != null) {
                json.writeStringProperty("dir", options.dir());
            }
            if (options.segments() > 0) {
                json.writeNumberProperty("segments", options.segments());
            }
            strings(json, "checksum", texts(options.checksums()));
            strings(json, "mirrors", job.mirrors());
            strings(json, "captures", job.captures());
            strings(json, "headers", lines(options.headers()));
            json.writeEndObject();
        }
        return text.toString();
    }

    private static List<String> texts(List<Checksum> checksums) {
        List<String> texts = new ArrayList<>(checksums.size());
        for (Checksum checksum : checksums) {
            texts.add(checksum.toString());
        }
        return texts;
    }

    private static void strings(JsonGenerator json, String key, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart(key);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>(headers.size());
        for (Map.Entry<String, String> field : headers) {
            lines.add(field.getKey() + ": " + field.getValue());
        }
        return lines;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }
}
