package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.text.Credentials;
import dev.weft.cli.text.Printable;
import dev.weft.http.message.Timings;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object a line: one for each URL as it ends, and a last one for the run. Members are only ever added; {@code v} grows
 * should one change its meaning. A member that does not apply is left out. Pure; any thread.
 */
final class JsonLines {
    private static final int VERSION = 1;
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonLines() {}

    /** The object of a URL, without a line end. */
    static String of(Outcome outcome) {
        return line(json -> {
            json.writeStringProperty("url", Credentials.hide(outcome.url()));
            optional(json, "final_url", outcome.finalUrl());
            optional(
                    json, "path", outcome.path() == null ? null : outcome.path().toString());
            positive(json, "status", outcome.status());
            json.writeStringProperty("state", outcome.state().label());
            json.writeNumberProperty("bytes", outcome.bytes());
            if (outcome.tries() > 0) {
                json.writeNumberProperty("resumed_from", outcome.resumedFrom());
            }
            positive(json, "segments", outcome.segments());
            positive(json, "tries", outcome.tries());
            optional(json, "sha256", outcome.digests().get("sha256"));
            optional(json, "etag", outcome.etag());
            optional(json, "http", outcome.http().isEmpty() ? null : outcome.http());
            times(json, outcome.timings(), outcome.took());
            error(json, outcome.failure());
        });
    }

    /** The object of a URL that is not fetched, for where it would go. */
    static String planned(String url, Path path) {
        return line(json -> {
            json.writeStringProperty("url", Credentials.hide(url));
            json.writeStringProperty("path", path.toString());
            json.writeStringProperty("state", "planned");
        });
    }

    /**
     * The object of the run.
     *
     * @param files how many there were to be
     */
    static String of(Tally tally, long files, Duration took, int exitCode) {
        return line(json -> {
            json.writeObjectPropertyStart("summary");
            json.writeNumberProperty("files", files);
            json.writeNumberProperty("done", tally.done());
            json.writeNumberProperty("unchanged", tally.unchanged());
            json.writeNumberProperty("skipped", tally.skipped());
            json.writeNumberProperty("failed", tally.failed());
            json.writeNumberProperty("cancelled", tally.cancelled());
            json.writeNumberProperty("bytes", tally.bytes());
            json.writeNumberProperty("received", tally.received());
            json.writeNumberProperty("retries", tally.retries());
            times(json, Timings.NONE, took);
            json.writeNumberProperty("exit", exitCode);
            json.writeEndObject();
        });
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    private static void positive(JsonGenerator json, String name, int value) {
        if (value > 0) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void times(JsonGenerator json, Timings first, Duration total) {
        json.writeObjectPropertyStart("ms");
        time(json, "dns", first.dns());
        time(json, "connect", first.connect());
        time(json, "tls", first.tls());
        time(json, "first", first.firstByte());
        time(json, "total", total);
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, @Nullable Duration time) {
        if (time != null) {
            json.writeNumberProperty(name, time.toMillis());
        }
    }

    private static void error(JsonGenerator json, @Nullable Failure failure) {
        if (failure != null) {
            json.writeObjectPropertyStart("error");
            json.writeStringProperty("kind", failure.kind().label());
            json.writeStringProperty("message", failure.detail());
            json.writeEndObject();
        }
    }

    private static String line(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("v", VERSION);
            members.accept(json);
            json.writeEndObject();
        }
        // JSON escapes the ASCII control characters only. The others', and half a surrogate pair, get JSON's form of an
        // escape too: they can stand
        // inside strings only.
        return Printable.of(text.toString());
    }
}
