package dev.weft.cli.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads texts as lists. */
final class Lists {
    private Lists() {}

    /** The jobs of a list called {@code urls.txt}. */
    static List<Job> read(String text) {
        List<Job> jobs = new ArrayList<>();
        UrlList list = new UrlList("urls.txt", jobs::add);
        UrlLines lines = new UrlLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            for (UrlLines.Line line = lines.next(); line != null; line = lines.next()) {
                list.line(line);
            }
            list.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return jobs;
    }
}
