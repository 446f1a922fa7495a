package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.input.Job;
import dev.weft.cli.input.JobOptions;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamingTest {
    private static final Path D = Path.of("d");
    private static final String URL = "http://h:81/a/b/x.iso?y";

    @Test
    void theLastElementOfTheUrl() {
        Naming naming = naming(null, false, false);
        assertTarget("d/x.iso", "x.iso", naming, Job.of(URL));
        assertTarget("d/index", "index", naming, Job.of("http://h/"));
        assertTarget("d/sub/x.iso", "sub/x.iso", naming, job(URL, null, "./sub"));
    }

    @Test
    void aNameInAListIsFirstAndBelowTheDirectory() {
        for (Naming naming :
                List.of(naming(null, false, false), naming("/t/{name}", false, false), naming(null, true, true))) {
            assertTarget("d/n/m.iso", "n/m.iso", naming, job(URL, "n/m.iso", null));
            assertTarget("d/etc/m", "etc/m", naming, job(URL, "/etc/m", null));
            assertTarget("d/m", "m", naming, job(URL, "../../m", null));
            assertTarget("d/s/n/m", "s/n/m", naming, job(URL, "n/m", "s"));
            assertTarget("d/n/x.iso", "n/x.iso", naming, job(URL, "n/", null));
            assertTarget("d/x.iso", "x.iso", naming, job(URL, "..", null));
            assertFalse(naming.needsAnswer(job(URL, "n", null)));
        }
    }

    @Test
    void aTemplate() {
        assertTarget("d/t/h_81/x.iso", "t/h_81/x.iso", naming("t/{host}/{name}", true, false), Job.of(URL));
        assertTarget("/abs/x.iso", "/abs/x.iso", naming("/abs/{name}", false, false), Job.of(URL));
        assertTarget("d/../x.iso", "d/../x.iso", naming("../{name}", false, false), Job.of(URL));
        Naming below = new Naming(Path.of("/d"), Template.parse("/d/t/{name}"), false, false);
        assertEquals("t/x.iso", below.target(Job.of(URL), 1).shown());
        assertTrue(below.target(Job.of(URL), 1).isBelow());
        Naming root = new Naming(Path.of("/"), Template.parse("t/{name}"), false, false);
        assertEquals("t/x.iso", root.target(Job.of(URL), 1).shown());
        Naming beside = new Naming(Path.of("/d"), Template.parse("/dd/{name}"), false, false);
        assertFalse(beside.target(Job.of(URL), 1).isBelow());
    }

    @Test
    void aTree() {
        Naming naming = naming(null, true, false);
        assertTarget("d/h_81/a/b/x.iso", "h_81/a/b/x.iso", naming, Job.of(URL));
        assertTarget("d/h/index", "h/index", naming, Job.of("http://h"));
        assertTarget("d/h/a/index", "h/a/index", naming, Job.of("http://h/../a/"));
        assertTarget("d/s/h/x", "s/h/x", naming, job("http://h/x", null, "s"));
    }

    @Test
    void theServersName() {
        Naming naming = naming(null, true, true);
        assertTrue(naming.needsAnswer(Job.of(URL)));
        ClientResponse answer = ClientResponse.of(
                ClientRequest.of("GET", HttpUrl.parse(URL)),
                200,
                Headers.builder()
                        .add("Content-Disposition", "attachment; filename=../r.iso")
                        .build(),
                new byte[0]);
        assertEquals(
                Path.of("d/h_81/a/b/r.iso"),
                naming.target(Job.of(URL), 1, answer).path());
        assertTrue(naming("{stem}", false, true).needsAnswer(Job.of(URL)));
        assertFalse(naming("p{n}", false, true).needsAnswer(Job.of(URL)));
        assertEquals(
                "r-3.iso",
                naming("{stem}-{n}.{ext}", false, true)
                        .target(Job.of(URL), 3, answer)
                        .shown());
    }

    @Test
    void aFailedOneGetsTheSameFileInAnotherRun() {
        Naming plain = naming(null, false, false);
        Job job = Job.of(URL);
        assertSame(job, plain.again(job, plain.target(job, 1), false));
        assertEquals(job.named("x.iso"), plain.again(job, plain.target(job, 1), true));

        Naming template = naming("t/p{n}.iso", false, false);
        assertEquals(job.named("t/p7.iso"), template.again(job, template.target(job, 7), false));
        assertTarget("d/t/p7.iso", "t/p7.iso", plain, job.named("t/p7.iso"));
        Job named = job(URL, "n", "s");
        assertSame(named, template.again(named, template.target(named, 7), false));
        assertEquals(job.named("s/n"), template.again(named, template.target(named, 7), true));

        // A list may not name these.
        for (String text : List.of("/abs/{name}", "../{name}", ".{name}")) {
            Naming other = naming(text, false, false);
            assertSame(job, other.again(job, other.target(job, 1), true), text);
        }
    }

    private static void assertTarget(String path, String shown, Naming naming, Job job) {
        TargetFile target = naming.target(job, 1);
        assertEquals(Path.of(path), target.path());
        assertEquals(shown, target.shown());
    }

    private static Naming naming(String template, boolean tree, boolean remoteName) {
        return new Naming(D, template == null ? null : Template.parse(template), tree, remoteName);
    }

    private static Job job(String url, String name, String dir) {
        JobOptions options = new JobOptions(name, dir, List.of(), Headers.empty(), 0);
        return new Job(url, List.of(), List.of(), options, null, null);
    }
}
