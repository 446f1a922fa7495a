package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Middleware.Next;
import dev.weft.http.message.PayloadException;
import dev.weft.http.middleware.Origin.Unreachable;
import dev.weft.loop.testing.VirtualClock;
import dev.weft.loop.testing.junit.LoopExtension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that a test makes, and faults that it puts in. */
@ExtendWith(LoopExtension.class)
class AnswersTest {
    private final Origin nobody = new Origin(request -> {
        throw new AssertionError("sent " + request);
    });

    private String read(Answers answers, ClientRequest request) {
        return Origin.read(answers.handle(request, nobody));
    }

    @Test
    void rules() {
        Answers answers = Answers.when("GET", "http://h/a")
                .reply(200, "first")
                .reply(200, "second")
                .orWhen("GET", "http://h/b/*")
                .reply(request -> ClientResponse.of(
                        request, 200, Headers.empty(), request.url().path().getBytes()))
                .orWhen(request -> request.headers().contains("X-A"))
                .reply(204);
        assertEquals("first", read(answers, Origin.get("http://h/a#part")));
        assertEquals("second", read(answers, Origin.get("http://h/a")));
        assertEquals("second", read(answers, Origin.get("http://h/a")));
        assertEquals("/b/c", read(answers, Origin.get("http://h/b/c")));
        try (ClientResponse response = answers.handle(Origin.get("http://z/", "X-A", "1"), nobody)) {
            assertEquals(204, response.status());
            assertEquals(0, response.contentLength().getAsLong());
        }
        ReplayException e = assertThrows(
                ReplayException.class,
                () -> answers.handle(Origin.get("http://h/a").withMethod("POST"), nobody));
        assertEquals(
                "POST http://h/a: no answer is set for it; set are GET http://h/a, GET http://h/b/*, rule 3",
                e.getMessage());
        assertEquals(6, answers.requests().size());
        assertThrows(
                IllegalStateException.class,
                () -> Answers.when("GET", "http://h/").handle(Origin.get("http://h/"), nobody));
    }

    @Test
    void whatMeetsNoRuleMayBeSent() {
        Answers answers = Answers.when("GET", "http://h/a").reply(200, "made").otherwiseSend();
        assertEquals("sent", Origin.read(answers.handle(Origin.get("http://h/b"), Origin.answering(200, "sent"))));
    }

    private static String body(Faults faults, Next next) {
        return Origin.read(faults.handle(Origin.get("http://h/"), next));
    }

    @Test
    void delays(VirtualClock clock) {
        assertEquals("", body(Faults.delay(Duration.ofSeconds(5)), Origin.answering(204, "", "Content-Length", "0")));
        assertEquals(5, clock.elapsed().toSeconds());
    }

    @Test
    void failures() {
        assertThrows(Unreachable.class, () -> body(Faults.fail(Unreachable::new), nobody));
        Origin origin = Origin.answering(200, "lost");
        assertThrows(Unreachable.class, () -> body(Faults.loseAnswer(Unreachable::new), origin));
        assertEquals(1, origin.requests.size());
        assertEquals(0, origin.open());
    }

    @Test
    void bodiesAreCutAfterSoManyBytes() {
        for (int cut = 0; cut < 10; cut++) {
            Origin origin = Origin.answering(200, "0123456789", "Content-Length", "10");
            ClientResponse response = Faults.cutBody(cut).handle(Origin.get("http://h/"), origin);
            StringBuilder seen = new StringBuilder();
            PayloadException e = assertThrows(PayloadException.class, () -> {
                for (ByteBuffer piece : response.content()) {
                    while (piece.hasRemaining()) {
                        seen.append((char) piece.get());
                    }
                }
            });
            assertEquals("0123456789".substring(0, cut), seen.toString());
            assertEquals(cut, e.received());
            assertEquals(10, e.expected().getAsLong());
            assertThrows(PayloadException.class, () -> response.content().read().await(), "again the same");
            assertEquals(0, origin.open());
        }
        assertEquals("0123456789", body(Faults.cutBody(10), Origin.answering(200, "0123456789")));
    }

    @Test
    void bodiesAreChopped() {
        ClientResponse response = Faults.chopBody(2).handle(Origin.get("http://h/"), Origin.answering(200, "0123456"));
        List<Integer> sizes = new ArrayList<>();
        for (ByteBuffer piece : response.content()) {
            sizes.add(piece.remaining());
        }
        // It comes in pieces of three.
        assertEquals(List.of(2, 1, 2, 1, 1), sizes);
    }

    @Test
    void onlySomeRequestsAreConcerned() {
        Faults faults = Faults.fail(Unreachable::new)
                .on(request -> request.url().path().equals("/bad"))
                .first(2);
        Origin origin = Origin.answering(200, "fine");
        for (int i = 0; i < 2; i++) {
            assertEquals("fine", Origin.read(faults.handle(Origin.get("http://h/good"), origin)));
            assertThrows(Unreachable.class, () -> faults.handle(Origin.get("http://h/bad"), origin));
        }
        assertEquals("fine", Origin.read(faults.handle(Origin.get("http://h/bad"), origin)));
    }

    @Test
    void aShareOfThemFailsTheSameForTheSameSeed() {
        List<String> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Faults faults = Faults.fail(Unreachable::new).sometimes(0.3, 42);
            StringBuilder outcome = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                try {
                    faults.handle(Origin.get("http://h/"), Origin.answering(200, ""))
                            .close();
                    outcome.append('.');
                } catch (Unreachable e) {
                    outcome.append('x');
                }
            }
            runs.add(outcome.toString());
        }
        assertEquals(runs.get(0), runs.get(1));
        long failed = runs.getFirst().chars().filter(c -> c == 'x').count();
        assertEquals(300, failed, 60);
        assertThrows(IllegalArgumentException.class, () -> Faults.cutBody(1).sometimes(Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> Faults.cutBody(-1));
        assertThrows(IllegalArgumentException.class, () -> Faults.chopBody(0));
    }
}
