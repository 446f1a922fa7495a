import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source below the working directory ("apply"), or names those that are not formatted ("check"). */
class Format {
    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<String> wrong = new ArrayList<>();
        for (Path file : sources(Path.of(""))) {
            String before = Files.readString(file);
            String after;
            try {
                String imports = RemoveUnusedImports.removeUnusedImports(before);
                imports = ImportOrderer.reorderImports(imports, JavaFormatterOptions.Style.PALANTIR);
                after = formatter.formatSource(imports);
            } catch (Exception e) {
                wrong.add(file + ": " + e.getMessage());
                continue;
            }
            if (!after.equals(before)) {
                if (apply) {
                    Files.writeString(file, after);
                } else {
                    wrong.add(file.toString());
                }
            }
        }
        if (!wrong.isEmpty()) {
            System.err.println("Not formatted (mvn -q -pl .ci/format process-sources -Dformat=apply does it):");
            wrong.forEach(w -> System.err.println("  " + w));
            System.exit(1);
        }
    }

    private static List<Path> sources(Path top) throws IOException {
        try (var files = Files.walk(top)) {
            return files.filter(
                            f -> f.toString().endsWith(".java") && !f.toString().contains("target/"))
                    .sorted()
                    .toList();
        }
    }
}
