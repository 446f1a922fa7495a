package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import dev.weft.it.RawServer.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where a redirect leads, and what goes with it: no secret to another origin. */
@Timeout(60)
class RedirectsTest {
    private static final Content CONTENT = Content.random(1, 10_000);
    private static final List<String> SECRETS =
            List.of("-u", "me:secret", "-H", "Cookie: a=secret", "-H", "Authorization-Token: kept");

    @TempDir
    Path work;

    @Test
    void toAnotherOriginWithoutTheSecrets() throws Exception {
        try (RawServer other = RawServer.start(CONTENT::answer);
                RawServer server = RawServer.start((request, reply) ->
                        reply.head("302 Found", "Location: " + other.url("/there.bin"), Ways.length(0)))) {
            Result result = run(server.url("/here.bin"));
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals(CONTENT.sha256(), Content.sha256(work.resolve("here.bin")));
            Request first = server.requests().getFirst();
            assertTrue(String.valueOf(first.header("authorization")).startsWith("Basic "), first::toString);
            assertEquals("a=secret", first.header("cookie"));
            assertNoSecret(other);
        }
    }

    /** The rest is asked for at the end of a new way there; on none of it is a secret told. */
    @Test
    void aRetryTellsNoSecretEither() throws Exception {
        try (RawServer other = RawServer.start((request, reply) -> {
                    if (request.number() == 1) {
                        Ways.halfOf(CONTENT, reply);
                        reply.reset();
                    } else {
                        CONTENT.answer(request, reply);
                    }
                });
                RawServer server = RawServer.start((request, reply) ->
                        reply.head("307 Temporary Redirect", "Location: " + other.url("/x"), Ways.length(0)))) {
            Result result = run(server.url("/here.bin"));
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals(CONTENT.sha256(), Content.sha256(work.resolve("here.bin")));
            assertEquals(2, other.requests().size());
            assertNoSecret(other);
        }
    }

    @Test
    void withinTheOriginWithThem() throws Exception {
        try (RawServer server = RawServer.start((request, reply) -> {
            if (request.target().equals("/here.bin")) {
                reply.head("301 Moved Permanently", "Location: /there.bin", Ways.length(0));
            } else {
                CONTENT.answer(request, reply);
            }
        })) {
            Result result = run(server.url("/here.bin"));
            assertEquals(0, result.exitCode(), result::toString);
            Request second = server.requests("/there.bin").getFirst();
            assertTrue(String.valueOf(second.header("authorization")).startsWith("Basic "), second::toString);
            assertEquals("a=secret", second.header("cookie"));
        }
    }

    @Test
    void inACircleToAnEnd() throws Exception {
        try (RawServer server = RawServer.start(
                (request, reply) -> reply.head("302 Found", "Location: " + request.target() + "x", Ways.length(0)))) {
            Result result = Fetch.run(work, List.of("-q", server.url("/here.bin")));
            assertEquals(1, result.exitCode(), result::toString);
            assertEquals(1, result.errorLines().size(), result::toString);
            assertTrue(result.err().contains(server.url("/here.bin")), result::toString);
            assertEquals(21, server.requests().size(), "20 redirects, and no retry of them");
            assertFalse(Files.exists(work.resolve("here.bin")));
        }
    }

    private Result run(String url) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(SECRETS);
        arguments.add(url);
        return Fetch.run(work, arguments);
    }

    private static void assertNoSecret(RawServer server) {
        for (Request request : server.requests()) {
            assertFalse(request.headers().toString().contains("secret"), request::toString);
            assertFalse(request.headers().containsKey("authorization"), request::toString);
        }
    }
}
