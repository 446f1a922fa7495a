package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Made;
import dev.weft.cli.download.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {
    /** What may stand in the line of a URL, and what it is. */
    private static final Map<String, String> SCHEMA = Map.ofEntries(
            Map.entry("v", "NUMBER"),
            Map.entry("url", "STRING"),
            Map.entry("final_url", "STRING"),
            Map.entry("path", "STRING"),
            Map.entry("status", "NUMBER"),
            Map.entry("state", "STRING"),
            Map.entry("bytes", "NUMBER"),
            Map.entry("resumed_from", "NUMBER"),
            Map.entry("segments", "NUMBER"),
            Map.entry("tries", "NUMBER"),
            Map.entry("sha256", "STRING"),
            Map.entry("etag", "STRING"),
            Map.entry("http", "STRING"),
            Map.entry("ms", "OBJECT"),
            Map.entry("error", "OBJECT"));

    @Test
    void aFileThatIsDoneHasAllMembers() {
        String line = JsonLines.of(Made.retried("http://u:p@h/米", "米", 12, 1));
        assertEquals(
                "{\"v\":1,\"url\":\"http://***@h/米\",\"final_url\":\"http://h/%E7%B1%B3\",\"path\":\"米\",\"status\":200,"
                        + "\"state\":\"done\",\"bytes\":12,\"resumed_from\":0,\"segments\":8,\"tries\":2,\"sha256\":\""
                        + "ab".repeat(32) + "\",\"etag\":\"\\\"e1\\\"\",\"http\":\"http/1.1\","
                        + "\"ms\":{\"dns\":3,\"connect\":20,\"tls\":41,\"first\":50,\"total\":1000}}",
                line);
        Set<String> all = new TreeSet<>(SCHEMA.keySet());
        all.remove("error");
        assertEquals(all, new TreeSet<>(checked(line).propertyNames()));
    }

    @Test
    void whatWasNotAskedForHasNoAnswer() {
        assertEquals(
                "{\"v\":1,\"url\":\"http://h/s\",\"path\":\"s\",\"state\":\"skipped\",\"bytes\":7,\"ms\":{\"total\":1}}",
                JsonLines.of(Made.skipped("http://h/s", "s")));
        JsonNode node = checked(JsonLines.of(Made.unchanged("http://h/u", "u", 9)));
        assertEquals("unchanged", node.get("state").asString());
        assertEquals(304, node.get("status").asInt());
    }

    @Test
    void aFailureHasNoPathAndSaysWhy() {
        Failure failure = new Failure(Failure.Kind.DNS, "no address", "no address for nowhere.invalid");
        Outcome outcome = Made.notAsked("http://nowhere.invalid/", "x", failure);
        assertEquals(
                "{\"v\":1,\"url\":\"http://nowhere.invalid/\",\"state\":\"failed\",\"bytes\":0,\"ms\":{\"total\":2},"
                        + "\"error\":{\"kind\":\"dns\",\"message\":\"no address for nowhere.invalid\"}}",
                JsonLines.of(outcome));
        Failure missing = new Failure(Failure.Kind.STATUS, "404", "404", null, 404, "http://h/final");
        JsonNode node = checked(JsonLines.of(Made.failed("http://h/", "x", 5, Duration.ZERO, missing)));
        assertEquals(404, node.get("status").asInt());
        assertEquals("http://h/final", node.get("final_url").asString());
    }

    @Test
    void theRun() {
        assertEquals(
                "{\"v\":1,\"summary\":{\"files\":4,\"done\":0,\"unchanged\":0,\"skipped\":0,\"failed\":0,\"cancelled\":0,\"bytes\":0,"
                        + "\"received\":0,\"retries\":0,\"ms\":{\"total\":2000},\"exit\":3}}",
                JsonLines.of(new Tally(), 4, Duration.ofSeconds(2), 3));
    }

    @Test
    void whatIsPlanned() {
        assertEquals(
                "{\"v\":1,\"url\":\"http://h/a\",\"path\":\"d/a\",\"state\":\"planned\"}",
                JsonLines.planned("http://h/a", Path.of("d", "a")));
    }

    @Test
    void noControlCharacterGetsOutAndAllComeBack() {
        for (String wild : List.of("http://h/\u001b[2J\u009b\u202e\u2028\"\\\n", "\ud800", "a\udc00\ud83d", "\0")) {
            String line = JsonLines.of(
                    Made.notAsked(wild, wild, new Failure(Failure.Kind.URL, "invalid URL", "invalid " + wild)));
            assertFalse(line.chars().anyMatch(Character::isISOControl), line);
            assertFalse(line.contains("\u202e"), line);
            // Half a pair becomes a question mark where it is not escaped.
            String sent = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertEquals(wild, checked(sent).get("url").asString());
        }
    }

    private static JsonNode checked(String line) {
        JsonNode node = JsonMapper.shared().readTree(line);
        node.forEachEntry((name, value) ->
                assertEquals(SCHEMA.get(name), value.getNodeType().name(), name));
        for (String always : List.of("v", "url", "state", "bytes", "ms")) {
            assertTrue(node.has(always), line);
        }
        return node;
    }
}
