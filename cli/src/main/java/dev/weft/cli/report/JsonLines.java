package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.text.Printable;
import java.io.PrintStream;
import java.io.StringWriter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object a line: one for each URL as it ends, and a last one for the run. Members are only ever added; {@code v} grows
 * should one change its meaning. A member that does not apply is left out. Any one thread.
 */
final class JsonLines {
    private static final int VERSION = 1;

    private final JsonFactory factory = new JsonFactory();
    private final PrintStream out;

    /**
     * @param out where to; flushed after every line
     */
    JsonLines(PrintStream out) {
        this.out = out;
    }

    /** Writes the line of a URL. */
    void write(Outcome outcome) {
        line(json -> {
            json.writeStringProperty("url", outcome.url());
            if (outcome.path() != null) {
                json.writeStringProperty("path", outcome.path().toString());
            }
            if (outcome.status() > 0) {
                json.writeNumberProperty("status", outcome.status());
            }
            json.writeStringProperty("state", outcome.state().label());
            json.writeNumberProperty("bytes", outcome.bytes());
            times(json, outcome.took());
            error(json, outcome.failure());
        });
    }

    /** Writes the line of the run. */
    void write(Tally tally, Duration took, int exitCode) {
        line(json -> {
            json.writeObjectPropertyStart("summary");
            json.writeNumberProperty("files", tally.all());
            json.writeNumberProperty("done", tally.done());
            json.writeNumberProperty("failed", tally.failed());
            json.writeNumberProperty("cancelled", tally.cancelled());
            json.writeNumberProperty("bytes", tally.bytes());
            times(json, took);
            json.writeNumberProperty("exit", exitCode);
            json.writeEndObject();
        });
    }

    private static void times(JsonGenerator json, Duration total) {
        json.writeObjectPropertyStart("ms");
        json.writeNumberProperty("total", total.toMillis());
        json.writeEndObject();
    }

    private static void error(JsonGenerator json, @Nullable Failure failure) {
        if (failure != null) {
            json.writeObjectPropertyStart("error");
            json.writeStringProperty("kind", failure.kind().label());
            json.writeStringProperty("message", failure.detail());
            json.writeEndObject();
        }
    }

    private void line(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("v", VERSION);
            members.accept(json);
            json.writeEndObject();
        }
        // JSON escapes the ASCII control characters only; the form of the others' escapes is JSON's too, and they can
        // only
        // stand inside strings.
        out.print(Printable.of(text.toString()) + "\n");
        out.flush();
    }
}
