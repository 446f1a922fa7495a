package dev.weft.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.Checksum;
import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.http.message.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedListTest {
    private static final String[] PIECES = {
        "http://h/",
        "a",
        "\t",
        "\n",
        "\r",
        " ",
        "#",
        "{",
        "}",
        "://",
        "=",
        "out=x",
        "\u7c73",
        "\ud83d\ude00",
        "\ud83d",
        "\u0000",
        "\u001b",
        "\u0085",
        "\ufeff",
        "\\",
        "\"",
        "'",
        ",",
        "..",
        "/",
        "  ",
        "\u2028",
        "\u202e",
        "%20",
        "?",
        "&",
        "#1"
    };

    @TempDir
    Path directory;

    @Test
    void whatIsPlainIsWrittenPlain() {
        assertEquals("http://a/x\n", JobText.of(Job.of("http://a/x")));
        assertEquals("http://a/x\ty z\n", JobText.of(Job.of("http://a/x").named("y z")));
        Job mirrored = new Job("http://a", List.of("http://b", "http://c"), List.of(), JobOptions.NONE, null, null);
        assertEquals("http://a\thttp://b\thttp://c\td/y\n", JobText.of(mirrored.named("d/y")));
        assertEquals("http://h/[1-2]\n", JobText.of(Job.of("http://h/[1-2]")));
    }

    /** Whatever a job is made of. Seeded: a failure comes again. */
    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Random random = new Random(7);
        int json = 0;
        for (int i = 0; i < 20_000; i++) {
            Job job = job(random);
            String text = JobText.of(job);
            json += text.startsWith("{") ? 1 : 0;
            // Between others, whose options it must neither take nor give.
            List<Job> read = Lists.read("http://before\n" + text + "http://behind\n");
            assertEquals(3, read.size(), text);
            assertEquals(job, withoutPlace(read.get(1)), text);
            assertEquals(Job.of("http://before"), withoutPlace(read.get(0)));
            assertEquals(Job.of("http://behind"), withoutPlace(read.get(2)));
        }
        assertTrue(json > 1000 && json < 19_000, json + " of 20000 are JSON");
    }

    private static Job job(Random random) {
        String url = random.nextBoolean() ? "http://h/" + random.nextInt(100) : "http://h/" + text(random);
        if (random.nextInt(4) == 0) {
            url += "#md5=" + "0123456789abcdef".repeat(2);
        }
        JobDraft draft = new JobDraft(url);
        try {
            draft.takeFragment();
            if (random.nextInt(3) == 0) {
                draft.mirror("http://m/" + (random.nextBoolean() ? "x" : text(random)));
            }
        } catch (IllegalArgumentException e) {
            return Job.of("http://h/");
        }
        if (random.nextInt(3) == 0) {
            draft.checksum(new Checksum(Algorithm.SHA1, "0123456789".repeat(4)));
        }
        if (random.nextInt(4) == 0) {
            draft.captures(List.of(text(random), ""));
        }
        JobOptions made = draft.build(null).options();
        String name = text(random);
        JobOptions options = new JobOptions(
                random.nextInt(3) == 0 && !name.isBlank() ? name : null,
                random.nextInt(5) == 0 ? "d" + text(random).replace("..", "") : null,
                made.checksums(),
                random.nextInt(5) == 0
                        ? Headers.builder()
                                .add("A", "x")
                                .add("B", "y: z")
                                .add("a", "")
                                .add("A", "\u7c73")
                                .build()
                        : Headers.empty(),
                random.nextInt(5) == 0 ? 1 + random.nextInt(64) : 0);
        Job job = draft.build(null);
        return new Job(job.url(), job.mirrors(), job.captures(), options, null, null);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    @Test
    void whatIsBadStaysAsItWasWrittenWithTheReason() {
        String text = "http://a\n  ot=x\n  out=y\n";
        List<Job> jobs = Lists.read(text + "http://b\n{\"url\":1}\n  dir=x\n");
        assertEquals(4, jobs.size());
        StringBuilder written = new StringBuilder();
        jobs.forEach(job -> written.append(JobText.of(job)));
        assertTrue(written.toString().startsWith("# urls.txt:2: unknown option 'ot'"), written.toString());
        assertTrue(written.toString().contains(text), written.toString());
        List<Job> again = Lists.read(written.toString());
        // The option without a URL must not become one of the URL above it.
        assertEquals(
                List.of("http://a", "http://b", "{\"url\":1}"),
                again.stream().map(Job::url).toList());
        assertEquals(2, again.stream().filter(job -> job.fault() != null).count());
        assertEquals(JobOptions.NONE, again.get(1).options());
    }

    @Test
    void aRunThatIsKilledLeavesWhatFailedSoFar() throws IOException {
        Path file =
                Files.writeString(directory.resolve("failed.txt"), "of an earlier run, longer than what comes now\n");
        try (FailedList list = FailedList.open(file)) {
            assertEquals("", Files.readString(file));
            list.add(Job.of("http://a"));
            assertEquals("http://a\n", Files.readString(file));
            list.add(Job.of("http://b").named("x"));
            assertEquals("http://a\nhttp://b\tx\n", Files.readString(file));
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        Path file = directory.resolve("no/failed.txt");
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> FailedList.open(file));
        assertEquals("cannot write " + file, e.getMessage());
    }

    private static Job withoutPlace(Job job) {
        List<String> mirrors = new ArrayList<>(job.mirrors());
        return new Job(job.url(), mirrors, job.captures(), job.options(), null, job.fault());
    }
}
