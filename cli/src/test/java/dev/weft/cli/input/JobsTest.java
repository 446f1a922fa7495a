package dev.weft.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.Checksum;
import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobsTest {
    @Test
    void thoseOfTheCommandLineComeFirstThoseOfTheListAreNoPatterns() {
        Asyncio.run(() -> {
            try (Jobs jobs = new Jobs(
                    Patterns.parse(List.of("h/[1-2]", "h/x"), true),
                    UrlFeed.start("text", () -> text("h/{a,b}\nh/c\n")))) {
                assertEquals(OptionalLong.empty(), jobs.size());
                List<String> urls = new ArrayList<>();
                jobs.forEachRemaining(job -> urls.add(job.url()));
                assertEquals(List.of("h/1", "h/2", "h/x", "h/{a,b}", "h/c"), urls);
                assertEquals(OptionalLong.of(5), jobs.size());
                assertThrows(NoSuchElementException.class, jobs::next);
            }
        });
    }

    @Test
    void theNumberIsKnownWhereThereIsNoList() {
        Jobs jobs = new Jobs(Patterns.parse(List.of("h/[1-1000000]", "{a,b}"), true), null);
        assertEquals(OptionalLong.of(1_000_002), jobs.size());
        jobs.next();
        assertEquals(OptionalLong.of(1_000_002), jobs.size());
        assertEquals(OptionalLong.of(2), new Jobs(Patterns.parse(List.of("h/[1-3]", "{a,b}"), false), null).size());
        assertEquals(OptionalLong.of(0), new Jobs(Patterns.NONE, null).size());
        assertFalse(new Jobs(Patterns.NONE, null).hasNext());
    }

    @Test
    void whatIsWrongWithTheCommandLineIsToldAtOnce() {
        assertThrows(
                IllegalArgumentException.class, () -> new Jobs(Patterns.parse(List.of("h/ok", "h/[1-"), true), null));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new Jobs(Patterns.parse(List.of("h/ok#sha256=12"), false), null));
        assertTrue(e.getMessage().contains("64 hexadecimal digits"), e.getMessage());
        List<String> tooMany = List.of("[0-999999999999999999]", "[0-9][0-999999999999999998]");
        assertThrows(IllegalArgumentException.class, () -> Patterns.parse(tooMany, true));
    }

    @Test
    void aChecksumOfTheCommandLineStandsInTheFragment() {
        String md5 = "0123456789abcdef".repeat(2);
        Job job = new Jobs(Patterns.parse(List.of("h/{x}#md5=" + md5), true), null).next();
        assertEquals(List.of(new Checksum(Algorithm.MD5, md5)), job.options().checksums());
        assertEquals(List.of("x"), job.captures());
    }

    @Test
    void aMillionLinesBeginBeforeTheyEndAndAreNotKept() {
        int lines = 1_000_000;
        long[] given = {0};
        InputStream list = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("in blocks only");
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                if (given[0] == lines) {
                    return -1;
                }
                byte[] line = ("http://h/" + given[0]++ + "\n").getBytes(StandardCharsets.UTF_8);
                System.arraycopy(line, 0, buffer, from, line.length);
                return line.length;
            }

            @Override
            public int available() {
                return 1;
            }
        };
        Asyncio.run(() -> {
            try (Jobs jobs = new Jobs(Patterns.NONE, UrlFeed.start("list", () -> list))) {
                assertEquals("http://h/0", jobs.next().url());
                // Those in the queue, the one in hand, the one that waits for options.
                assertTrue(given[0] < 1010, given[0] + " lines read ahead");
                for (int i = 1; i < lines; i++) {
                    assertEquals("http://h/" + i, jobs.next().url());
                }
                assertFalse(jobs.hasNext());
            }
        });
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
