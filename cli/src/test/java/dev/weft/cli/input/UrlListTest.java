package dev.weft.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.input.Job.Place;
import dev.weft.http.download.Checksum;
import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.http.message.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlListTest {
    private static final String MD5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static final String SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void aUrlALine() {
        List<Job> jobs = Lists.read(
                "\ufeffhttp://a\r\n\r\n# comment\n   # too\n\t http://b#x \n\nhttp://c\n \t\r\nhttp://d/{x}[1-2]");
        assertEquals(List.of("http://a", "http://b#x", "http://c", "http://d/{x}[1-2]"), urls(jobs));
        assertEquals(new Place("urls.txt", 5), jobs.get(1).place());
        assertEquals(JobOptions.NONE, jobs.get(1).options());
        assertEquals(List.of(), Lists.read(""));
        assertEquals(List.of(), Lists.read("\n#\n"));
    }

    @Test
    void aNameAndMirrorsStandBehindTabs() {
        List<Job> jobs = Lists.read("""
                http://a/x\tname of it.txt
                http://a/x\thttp://b/x\thttps://c/x
                http://a/x\thttp://b/x\tdir/y
                http://a/x\ty\thttp://b/x
                http://a/x \t y \t
                """);
        assertEquals(List.of("http://a/x", "http://a/x", "http://a/x", "http://a/x", "http://a/x"), urls(jobs));
        assertEquals("name of it.txt", jobs.get(0).options().name());
        assertEquals(List.of("http://b/x", "https://c/x"), jobs.get(1).mirrors());
        assertNull(jobs.get(1).options().name());
        assertEquals("dir/y", jobs.get(2).options().name());
        assertEquals(List.of("http://b/x"), jobs.get(3).mirrors());
        assertEquals("y", jobs.get(4).options().name());
    }

    @Test
    void optionsStandBelowTheirUrl() {
        List<Job> jobs = Lists.read("""
                http://a/x\thttp://b/x
                  out=y.bin
                # between
                \tdir=sub/dir
                 checksum=sha-256=%s
                 checksum=md5=%s
                  header=X-One: 1
                  header=X-Two: a=b: c
                  header=X-One: 2
                  referer=http://r/
                  user-agent=me/1
                  split=5
                  max-connection-per-server=3
                http://c
                """.formatted(SHA256, MD5));
        assertEquals(2, jobs.size());
        JobOptions options = jobs.getFirst().options();
        assertEquals("y.bin", options.name());
        assertEquals("sub/dir", options.dir());
        assertEquals(
                List.of(new Checksum(Algorithm.SHA256, SHA256), new Checksum(Algorithm.MD5, MD5)), options.checksums());
        assertEquals(
                Headers.builder()
                        .add("X-One", "1")
                        .add("X-Two", "a=b: c")
                        .add("X-One", "2")
                        .add("Referer", "http://r/")
                        .add("User-Agent", "me/1")
                        .build(),
                options.headers());
        assertEquals(3, options.segments());
        assertEquals(List.of("http://b/x"), jobs.getFirst().mirrors());
        assertEquals(JobOptions.NONE, jobs.getLast().options());
    }

    @Test
    void aRefererThatIsTheUrlItselfKeepsItsPasswordAndFragment() {
        Job job = Lists.read("http://u:secret@a/x?y#z\n referer=*\n").getFirst();
        assertEquals("http://a/x?y", job.options().headers().first("Referer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\":\"http://a/x\",\"name\":\"y\",\"dir\":\"d\",\"checksum\":\"md5:HEX\",\"headers\":{\"A\":\"1\",\"B\":[\"2\",\"3\"]},"
                        + "\"mirrors\":[\"http://b/x\"],\"segments\":2}",
                "  {\"headers\":[\"A: 1\",\"B: 2\",\"B: 3\"],\"mirrors\":\"http://b/x\",\"segments\":\"2\",\"dir\":\"d\",\"name\":\"y\","
                        + "\"checksum\":[\"md5=HEX\"],\"captures\":null,\"url\":\"http://a/x\"}  "
            })
    void jsonSaysTheSame(String line) {
        Job job = Lists.read(line.replace("HEX", MD5)).getFirst();
        JobOptions options = new JobOptions(
                "y",
                "d",
                List.of(new Checksum(Algorithm.MD5, MD5)),
                Headers.builder().add("A", "1").add("B", "2").add("B", "3").build(),
                2);
        assertEquals(
                new Job("http://a/x", List.of("http://b/x"), List.of(), options, new Place("urls.txt", 1), null), job);
    }

    @Test
    void aReportIsAList() {
        List<Job> jobs = Lists.read("""
                {"v":1,"url":"http://a/x","final_url":"http://b/y","path":"out/x","status":200,"state":"done","bytes":5,"segments":8,"ms":{"total":3}}
                {"v":1,"url":"http://a/z","status":404,"state":"failed","name":7,"error":{"kind":"status","message":"404 Not Found"}}
                {"v":1,"summary":{"files":2,"url":"no"}}
                """);
        assertEquals(List.of("http://a/x", "http://a/z"), urls(jobs));
        assertEquals(JobOptions.NONE, jobs.getFirst().options());
        assertNull(jobs.getLast().fault());
    }

    @Test
    void checksumsStandInFragments() {
        List<Job> jobs = Lists.read("""
                http://a/x#sha256=%s
                http://a/x#egg=y&MD5=%s
                http://a/x#section
                http://a/x#sha256=%s\thttp://b/x#sha256=%s
                http://a/x#sha256=12
                http://a/x#sha256=
                """.formatted(SHA256.toUpperCase(java.util.Locale.ROOT), MD5, SHA256, SHA256));
        assertEquals(
                List.of(new Checksum(Algorithm.SHA256, SHA256)),
                jobs.get(0).options().checksums());
        assertEquals(
                List.of(new Checksum(Algorithm.MD5, MD5)), jobs.get(1).options().checksums());
        assertEquals(List.of(), jobs.get(2).options().checksums());
        assertEquals(1, jobs.get(3).options().checksums().size());
        assertFault(jobs.get(4), "urls.txt:5: ", "64 hexadecimal digits");
        assertFault(jobs.get(5), "urls.txt:6: ", "64 hexadecimal digits");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http://a;  ot=x                      | 2 | unknown option 'ot'; a list may have out, dir, checksum
            http://a;  out=x;  out=y             | 3 | two names, 'x' and 'y'
            http://a;  out=                      | 2 | the name is empty
            http://a;  dir=/etc                  | 2 | dir '/etc'
            http://a;  dir=a/../..               | 2 | dir 'a/../..'
            http://a;  checksum=sha256=12        | 2 | 64 hexadecimal digits
            http://a;  checksum=crc32=12345678   | 2 | sha256
            http://a;  header=no colon           | 2 | it is written as Name: value
            http://a;  header=A B: x             | 2 | not a token
            http://a;  split=none                | 2 | split 'none' is no number from 1 to 64
            http://a;  split=0                   | 2 | split '0'
            `  out=x;http://a`                   | 1 | an option without a URL above it
            {"url":"http://a"};  out=x           | 2 | an option without a URL above it
            http://a\tx\ty                       | 1 | two names, 'x' and 'y'
            {"url":"http://a","nmae":"x"}        | 1 | unknown member 'nmae'; a line may have url, name
            {"name":"x"}                         | 1 | no member 'url'
            {"url":7}                            | 1 | 'url' is not a string
            {"url":"http://a","mirrors":[1]}     | 1 | 'mirrors' is not a string
            {"url":"http://a"} x                 | 1 | malformed JSON
            {"url":"http://a"}{}                 | 1 | more than one object
            {"url":"http://a"                    | 1 | malformed JSON
            {"url":"http://a","url":"http://b"}  | 1 | uplicate
            {"v":2,"url":"http://a"}             | 1 | a report of version 2
            """)
    void aBadLineIsOneFaultAndTheRestGoesOn(String lines, int line, String message) {
        String text = lines.stripTrailing().replace("\\t", "\t").replace(';', '\n') + "\nhttp://good\n";
        List<Job> jobs = Lists.read(text);
        List<Job> faults = jobs.stream().filter(job -> job.fault() != null).toList();
        assertEquals(1, faults.size(), () -> jobs.toString());
        assertFault(faults.getFirst(), "urls.txt:" + line + ": ", message);
        assertEquals("http://good", jobs.getLast().url());
        assertNull(jobs.getLast().fault());
    }

    @Test
    void aFaultIsOfItsUrlAndKeepsItsLines() {
        Job job =
                Lists.read("http://a/x\tname\n\tsplit=x\n  what=y\nhttp://b\n").getFirst();
        assertEquals("http://a/x", job.url());
        assertFault(job, "urls.txt:2: ", "split 'x'");
        assertEquals("http://a/x\tname\n\tsplit=x\n  what=y\n", job.fault().text());
    }

    @Test
    void aLineThatIsNoTextIsOneFault() {
        String tooLong = "x".repeat(UrlLines.MAX_LINE_BYTES + 1);
        List<Job> jobs = Lists.read("http://a\n" + tooLong + "\n  out=y\nhttp://b\n");
        assertEquals(List.of("http://a", "x".repeat(64), "http://b"), urls(jobs));
        assertFault(jobs.get(1), "urls.txt:2: ", "longer than 65536 bytes");
        assertEquals("", jobs.get(1).fault().text());
    }

    private static void assertFault(Job job, String start, String part) {
        assertNotNull(job.fault(), job::toString);
        String message = job.fault().message();
        assertTrue(message.startsWith(start) && message.contains(part), message);
    }

    private static List<String> urls(List<Job> jobs) {
        return jobs.stream().map(Job::url).toList();
    }
}
