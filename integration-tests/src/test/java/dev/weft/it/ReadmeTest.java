package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says is so: its code is code that compiles, its first command works. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("weft.root"));

    private static String block(String text, String start, String end) {
        Matcher matcher = Pattern.compile(Pattern.quote(start) + "\\n(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertTrue(matcher.find(), () -> "no " + start);
        return matcher.group(1);
    }

    private static List<String> stripped(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void theLibraryExampleIsTheOneThatIsTested() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String tested =
                Files.readString(ROOT.resolve("integration-tests/src/test/java/dev/weft/it/ReadmeExamples.java"));
        List<String> imports = stripped(block(readme, "```java", "```")).stream()
                .filter(line -> line.startsWith("import "))
                .toList();
        List<String> code = stripped(block(readme, "```java", "```")).stream()
                .filter(line -> !line.startsWith("import "))
                .toList();
        assertEquals(stripped(block(tested, "// README: library", "// README: end")), code);
        imports.forEach(line -> assertTrue(tested.contains(line), () -> "not imported by the tested code: " + line));
    }

    /** README names a URL and a file where the tested code has variables. */
    @Test
    void theDownloadIsTheOneThatIsTested() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String tested =
                Files.readString(ROOT.resolve("integration-tests/src/test/java/dev/weft/it/ReadmeExamples.java"));
        String section = readme.substring(readme.indexOf("## fetch"));
        String shown =
                block(section, "```java", "```").replace("\"https://host/a.iso\", Path.of(\"a.iso\")", "url, file");
        assertEquals(stripped(block(tested, "// README: download", "// README: end")), stripped(shown));
    }

    @Test
    void theReadmeDownloadDownloads(@TempDir Path work) throws Exception {
        try (RawServer server = RawServer.start((request, reply) -> {
            reply.head("200 OK", "Content-Length: 5");
            reply.body("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 5);
        })) {
            ReadmeExamples.download(server.url("/a.iso"), work.resolve("a.iso"));
            assertEquals("hello", Files.readString(work.resolve("a.iso")));
        }
    }

    @Test
    void theDemoVerifiesEveryByteAndShowsWhatConcurrencyWon(@TempDir Path work) throws Exception {
        Fetch.Result result = Fetch.run(work, List.of("--demo"));
        assertEquals(0, result.exitCode(), result::toString);
        String all = result.out() + result.err();
        assertTrue(
                Pattern.compile("\\d+(\\.\\d+)? ?x|\\d+(\\.\\d+)? times")
                        .matcher(all)
                        .find(),
                result::toString);
    }
}
