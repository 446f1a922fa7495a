package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.ExistsDecision.There;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked because of a file that is there, and what the answer means for it; and what is kept with a file for that. */
class ExistsDecisionTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Instant TIME = Instant.parse("1994-11-06T08:49:37Z");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "RESUME, none, true, ''",
                "RESUME, \"v1\", true, [If-None-Match=\"v1\"]",
                "RESUME, \"v1\", false, ''",
                "UPDATE, none, true, '[If-Modified-Since=Sun, 06 Nov 1994 08:49:37 GMT]'",
                "UPDATE, \"v1\", true, [If-None-Match=\"v1\"]",
                "UPDATE, W/\"v1\", true, [If-None-Match=W/\"v1\"]",
                "UPDATE, \"v1\", false, ''",
            })
    void whatIsAsked(Exists how, @Nullable String kept, boolean unchangedHere, String expected) {
        assertEquals(
                expected.isEmpty() ? "[]" : expected,
                ExistsDecision.conditions(how, there(kept, unchangedHere)).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "not modified; \"v1\"; true; 304; none; none; none; KEEP",
                "not modified, same tag; \"v1\"; true; 304; \"v1\"; none; none; KEEP",
                "not modified, tag made weak; \"v1\"; true; 304; W/\"v1\"; none; none; KEEP",
                "not modified, other tag; \"v1\"; true; 304; \"v2\"; none; none; ASK_AGAIN",
                "not modified, by the date; none; true; 304; \"v2\"; none; none; KEEP",
                "not modified, not asked; none; false; 304; none; none; none; ASK_AGAIN",
                "same tag, same length; \"v1\"; true; 200; \"v1\"; none; 5; KEEP",
                "same tag, other length; \"v1\"; true; 200; \"v1\"; none; 6; REPLACE",
                "same tag, no length; \"v1\"; true; 200; \"v1\"; none; none; REPLACE",
                "same weak tag; W/\"v1\"; true; 200; W/\"v1\"; none; 5; REPLACE",
                "other tag, same date; \"v1\"; true; 200; \"v2\"; Sun, 06 Nov 1994 08:49:37 GMT; 5; REPLACE",
                "same date; none; false; 200; none; Sun, 06 Nov 1994 08:49:37 GMT; 5; KEEP",
                "same date, a tag as well; none; false; 200; \"v1\"; Sun, 06 Nov 1994 08:49:37 GMT; 5; KEEP",
                "same date, other length; none; false; 200; none; Sun, 06 Nov 1994 08:49:37 GMT; 4; REPLACE",
                "later date; none; false; 200; none; Sun, 06 Nov 1994 08:49:38 GMT; 5; REPLACE",
                "earlier date; none; false; 200; none; Sun, 06 Nov 1994 08:49:36 GMT; 5; REPLACE",
                "no validator; none; false; 200; none; none; 5; REPLACE",
                "date of this second; none; false; 200; none; Mon, 14 Nov 1994 00:00:00 GMT; 5; REPLACE",
                "a part; none; false; 206; none; Sun, 06 Nov 1994 08:49:37 GMT; 5; REPLACE",
            })
    void whatAnAnswerMeans(
            String name,
            @Nullable String kept,
            boolean conditional,
            int status,
            @Nullable String etag,
            @Nullable String modified,
            @Nullable String length,
            String expected) {
        Headers.Builder headers = Headers.builder().add("Date", "Mon, 14 Nov 1994 00:00:00 GMT");
        if (etag != null) {
            headers.add("ETag", etag);
        }
        if (modified != null) {
            headers.add("Last-Modified", modified);
        }
        if (length != null) {
            headers.add("Content-Length", length);
        }
        ResponseHead head = new ResponseHead(status, "", "HTTP/1.1", headers.build());
        assertEquals(
                expected,
                ExistsDecision.judge(there(kept, true), conditional, head).toString(),
                name);
    }

    /** A file that was changed within a second of its time is none that a date speaks of. */
    @Test
    void aTimeWithAFractionIsNotTheServers() {
        ResponseHead head = new ResponseHead(
                200,
                "",
                "",
                Headers.builder()
                        .add("Date", "Mon, 14 Nov 1994 00:00:00 GMT")
                        .add("Last-Modified", DATE)
                        .add("Content-Length", "5")
                        .build());
        There there = new There(5, TIME.plusMillis(500), null);
        assertEquals(ExistsDecision.Verdict.REPLACE, ExistsDecision.judge(there, false, head));
    }

    private static There there(@Nullable String kept, boolean unchangedHere) {
        Kept tag = kept == null ? null : new Kept(kept, unchangedHere ? 5 : 4, TIME);
        return new There(5, TIME, tag);
    }

    @Test
    void aTagIsKeptWithItsFile() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "12345");
        Files.setLastModifiedTime(file, FileTime.from(TIME));
        assertNull(Objects.requireNonNull(There.at(file)).kept());
        Kept.keep(file, "\"v 1, é\"", true);
        assertEquals(new There(5, TIME, new Kept("\"v 1, é\"", 5, TIME)), There.at(file));
        assertEquals("\"v 1, é\"", Objects.requireNonNull(There.at(file)).etag());

        Path moved = Files.move(file, directory.resolve("g"));
        boolean withTheFile = There.at(moved) instanceof There there && there.kept() != null;
        assertEquals(withTheFile, !Files.exists(directory.resolve(".f.etag")));

        Files.writeString(moved, "54321");
        assertNull(Objects.requireNonNull(There.at(moved)).etag(), "it was changed here");
    }

    @Test
    void whereThereAreNoAttributesItIsInAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "12345");
        Kept kept = new Kept("\"v1\"", 5, Files.getLastModifiedTime(file).toInstant());
        Path beside = directory.resolve(".f.etag");
        Files.writeString(beside, kept.text());
        assertEquals(kept, Kept.read(file));
        for (String damaged : new String[] {"", "5", "5 1 1", "x 1 1 \"v1\"\n", "5 x 1 \"v1\"\n", "5 1 1 \"v1\""}) {
            Files.writeString(beside, damaged);
            assertNull(Kept.read(file), damaged);
        }
        Kept.keep(file, null, true);
        assertFalse(Files.exists(beside));
    }

    @Test
    void whatIsNoFileIsTold() throws IOException {
        assertNull(There.at(directory.resolve("none")));
        FileSystemException e = assertThrows(FileSystemException.class, () -> There.at(directory));
        assertTrue(e.getMessage().endsWith(": is a directory"), e.getMessage());
    }
}
