package dev.weft.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://h/x                  | http://h/x
            http://h/{a,b}.x            | http://h/a.x http://h/b.x
            http://h/{a}                | http://h/a
            http://h/x{,.sig}           | http://h/x http://h/x.sig
            h/[1-3]                     | h/1 h/2 h/3
            h/[08-11]                   | h/08 h/09 h/10 h/11
            h/[001-003]                 | h/001 h/002 h/003
            h/[0-2]                     | h/0 h/1 h/2
            h/[9-10]                    | h/9 h/10
            h/[1-10:3]                  | h/1 h/4 h/7 h/10
            h/[1-9:20]                  | h/1
            h/[5-5]                     | h/5
            h/[a-c]                     | h/a h/b h/c
            h/[A-Z:12]                  | h/A h/M h/Y
            h/[a-c:99999999999]         | h/a
            h/{a,b}[1-2]                | h/a1 h/a2 h/b1 h/b2
            h/[1-2]/{x,y}/[a-b]         | h/1/x/a h/1/x/b h/1/y/a h/1/y/b h/2/x/a h/2/x/b h/2/y/a h/2/y/b
            h/\\[1-2\\]                 | h/[1-2]
            h/\\{a,b\\}                 | h/{a,b}
            h/{a\\,b,\\}}                | h/a,b h/}
            h/a\\b                      | h/a\\b
            http://[::1]:80/[1-2]       | http://[::1]:80/1 http://[::1]:80/2
            http://[fe80::1%25e-0]/     | http://[fe80::1%25e-0]/
            http://[::ffff:1.2.3.4]/    | http://[::ffff:1.2.3.4]/
            h/a[]=1                     | h/a[]=1
            """)
    void expands(String pattern, String urls) {
        Glob glob = Glob.parse(pattern.replace("\\\\", "\\"));
        List<String> all = urls(glob);
        assertEquals(List.of(urls.replace("\\\\", "\\").split(" ")), all);
        assertEquals(all.size(), glob.count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            h/{a,b       | 3  | '{' is not closed
            h/{}         | 3  | nothing between the braces
            h/{a,{b}}    | 6  | '{' inside braces
            h/{a[1-2]}   | 5  | '[' inside braces
            h/a}         | 4  | '}' closes nothing
            h/a]         | 4  | ']' closes nothing
            h/[1-2       | 3  | '[' is not closed
            h/[9-1]      | 3  | '[9-1]' ends before it begins
            h/[1-]       | 3  | '[1-]' is no range
            h/[x]        | 3  | '[x]' is no range
            h/[a-3]      | 3  | '[a-3]' is no range
            h/[1-9:0]    | 3  | the step is no number from 1
            h/[1-9:x]    | 3  | the step is no number from 1
            h/[z-a]      | 3  | '[z-a]' is no range of letters
            h/[a-Z]      | 3  | '[a-Z]' is no range of letters
            h/[-1-3]     | 3  | '[-1-3]' is no range
            h/[1-9999999999999999999] | 3 | is no range
            h/[1:2-3]    | 3  | is no range
            """)
    void whatIsMalformedIsNamedWithItsPlace(String pattern, int place, String what) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Glob.parse(pattern));
        assertTrue(e.getMessage().startsWith("'" + pattern + "' at character " + place + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(what), e.getMessage());
        assertTrue(e.getMessage().contains("--no-glob"), e.getMessage());
    }

    @Test
    void whatAPatternStandsForIsCaptured() {
        List<Job> jobs = new ArrayList<>();
        Glob.parse("http://h/{a,b}/x[09-10].z").forEach(jobs::add);
        assertEquals(
                List.of(List.of("a", "09"), List.of("a", "10"), List.of("b", "09"), List.of("b", "10")),
                jobs.stream().map(Job::captures).toList());
        assertEquals(List.of(), Glob.parse("http://h/x").job(0).captures());
    }

    @Test
    void nothingIsExpandedBeforeItIsNeeded() {
        Glob glob = Glob.parse("h/[000000000-999999999]/[1-9999999]");
        assertEquals(1_000_000_000L * 9_999_999, glob.count());
        Iterator<Job> jobs = glob.iterator();
        assertEquals("h/000000000/1", jobs.next().url());
        assertEquals("h/000000000/2", jobs.next().url());
        assertEquals("h/999999999/9999999", glob.job(glob.count() - 1).url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0-999999999999999999][0-999999999999999999]", "[1-9999999999][1-9999999999]"})
    void moreThanCanBeCountedIsRefused(String pattern) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Glob.parse(pattern));
        assertTrue(e.getMessage().contains("more URLs than can be counted"), e.getMessage());
    }

    @Test
    void withoutGlobbingAllStaysAsItIs() {
        assertEquals(List.of("h/{a,b}[1-2]\\["), urls(Glob.literal("h/{a,b}[1-2]\\[")));
    }

    @Test
    void theEndIsTheEnd() {
        Iterator<Job> jobs = Glob.parse("h/{a,b}").iterator();
        jobs.next();
        jobs.next();
        assertFalse(jobs.hasNext());
        assertThrows(java.util.NoSuchElementException.class, jobs::next);
    }

    private static List<String> urls(Glob glob) {
        List<String> urls = new ArrayList<>();
        glob.forEach(job -> urls.add(job.url()));
        return urls;
    }
}
