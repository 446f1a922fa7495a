package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README.md of this module names a test for every case, and every test that it names is there. */
class CaseMapTest {
    private static final Pattern ROW = Pattern.compile("\\| (H\\d{3}[a-i]?)( \\+)? \\|.*\\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)`(?: \\(\\w+\\))?(?:: (\\w+(?:, \\w+)*))?");
    private static final Pattern NAMED = Pattern.compile("\"(H\\d{3}[a-i]?) ");

    /** The module's folder, wherever the tests are started. */
    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("http") ? here : here.resolve("http");
    }

    /** The source of each test class of this module and of the loop's, by its name. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        for (Path folder : List.of(module(), module().resolveSibling("loop"))) {
            try (Stream<Path> files = Files.walk(folder.resolve("src/test/java"))) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith("Test.java"))::iterator) {
                    String name = file.getFileName().toString().replace(".java", "");
                    tests.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return tests;
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(module().resolve("README.md")).stream()
                .filter(line -> line.matches("\\| H\\d.*"))
                .toList();
    }

    /** The rows of the table that follows a heading of README.md, without its own head. */
    private static List<String> table(String heading) throws IOException {
        List<String> lines = Files.readAllLines(module().resolve("README.md"));
        int from = lines.indexOf(heading);
        assertTrue(from >= 0, "README.md has no " + heading);
        return lines.stream()
                .skip(from + 1L)
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    /** Rows are played over HTTP/2 too, unless they are listed; so are tests that are no tables. */
    @Test
    void whatIsNotRunOverHttp2() throws IOException {
        assertEquals(OverHttp2.left(), table("### Rows that are played over HTTP/1.1 only"));
        Map<String, String> tests = tests();
        for (String start : OverHttp2.starts()) {
            assertTrue(
                    tests.entrySet().stream()
                            .anyMatch(test -> test.getKey().endsWith("CasesTest")
                                    && test.getValue().contains("\"" + start)),
                    "there is no row " + start);
        }
        TreeSet<String> once = new TreeSet<>();
        for (String row : rows()) {
            Matcher columns = ROW.matcher(row);
            assertTrue(columns.matches(), row);
            TEST.matcher(columns.group(3)).results().map(test -> test.group(1)).forEach(once::add);
        }
        once.removeIf(name -> name.endsWith("CasesTest") || tests.get(name).contains("\n@OverBoth\n"));
        TreeSet<String> listed = new TreeSet<>();
        for (String row : table("### Tests that are run once")) {
            TEST.matcher(row.split("\\|")[1])
                    .results()
                    .map(test -> test.group(1))
                    .forEach(listed::add);
        }
        assertEquals(once, listed);
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> tests = tests();
        List<String> wrong = new ArrayList<>();
        for (String row : rows()) {
            Matcher columns = ROW.matcher(row);
            assertTrue(columns.matches(), row);
            Matcher test = TEST.matcher(columns.group(3));
            boolean any = false;
            while (test.find()) {
                any = true;
                wrong.addAll(wrong(columns.group(1), test.group(1), test.group(2), tests.get(test.group(1))));
            }
            assertTrue(any, "no test in: " + row);
        }
        assertEquals(List.of(), wrong);
    }

    private static List<String> wrong(String id, String name, String methods, String source) {
        if (source == null) {
            return List.of(id + ": there is no " + name);
        }
        List<String> wrong = new ArrayList<>();
        if (methods == null
                && name.endsWith("CasesTest")
                && !Pattern.compile("\"" + id + "\\b").matcher(source).find()) {
            wrong.add(id + ": no row of " + name);
        }
        for (String method : methods == null ? new String[0] : methods.split(", ")) {
            if (!source.contains("void " + method + "(")) {
                wrong.add(id + ": " + name + " has no " + method);
            }
        }
        return wrong;
    }

    @Test
    void everyCaseHasOneRow() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String row : rows()) {
            Matcher columns = ROW.matcher(row);
            assertTrue(columns.matches(), row);
            ids.add(columns.group(1));
        }
        assertEquals(new ArrayList<>(new TreeSet<>(ids)), ids, "twice, or out of order");
        TreeSet<String> named = new TreeSet<>();
        tests().forEach((name, source) -> {
            if (name.endsWith("CasesTest")) {
                NAMED.matcher(source).results().forEach(each -> named.add(each.group(1)));
            }
        });
        named.removeAll(ids);
        assertEquals(new TreeSet<>(), named, "rows of tables that README.md does not know");
    }
}
