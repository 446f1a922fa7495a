package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonLines json = new JsonLines(new PrintStream(bytes, false, StandardCharsets.UTF_8));

    @Test
    void aFileThatIsDone() {
        json.write(new Outcome("http://h/米", Path.of("out", "米"), 200, 12, Duration.ofMillis(34), null));
        assertEquals(
                "{\"v\":1,\"url\":\"http://h/米\",\"path\":\"out/米\",\"status\":200,\"state\":\"done\",\"bytes\":12,"
                        + "\"ms\":{\"total\":34}}\n",
                text());
    }

    @Test
    void aFailureHasNoPathAndSaysWhy() {
        Failure failure = new Failure(Failure.Kind.DNS, "no address", "no address for nowhere.invalid");
        json.write(new Outcome("http://nowhere.invalid/", null, 0, 0, Duration.ofMillis(1), failure));
        assertEquals(
                "{\"v\":1,\"url\":\"http://nowhere.invalid/\",\"state\":\"failed\",\"bytes\":0,\"ms\":{\"total\":1},"
                        + "\"error\":{\"kind\":\"dns\",\"message\":\"no address for nowhere.invalid\"}}\n",
                text());
    }

    @Test
    void theRun() {
        json.write(new Tally(), Duration.ofSeconds(2), 3);
        assertEquals(
                "{\"v\":1,\"summary\":{\"files\":0,\"done\":0,\"failed\":0,\"cancelled\":0,\"bytes\":0,\"ms\":{\"total\":2000},"
                        + "\"exit\":3}}\n",
                text());
    }

    @Test
    void noControlCharacterGetsOutAndAllComeBack() {
        String wild = "http://h/\u001b[2J\u009b\u202e\u2028\"\\\n";
        json.write(new Outcome(wild, null, 0, 0, Duration.ZERO, null));
        String line = text();
        assertFalse(line.stripTrailing().chars().anyMatch(Character::isISOControl), line);
        assertFalse(line.contains("\u202e"), line);
        JsonNode node = JsonMapper.shared().readTree(line);
        assertEquals(wild, node.get("url").asString());
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
