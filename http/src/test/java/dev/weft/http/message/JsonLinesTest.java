package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    record Item(String name, int count) {}

    private static ClientResponse response(BodyReader body) {
        ClientRequest request =
                ClientRequest.of("GET", HttpUrl.parse("http://h/")).with(Options.MAX_BODY_SIZE, 40);
        Headers headers = Headers.builder()
                .add("Content-Type", "text/x; charset=iso-8859-1")
                .build();
        return ClientResponse.of(request, 200, headers, new byte[0]).withContent(body);
    }

    @Test
    void oneOnEachLine() {
        String body =
                "{\"name\": \"a\", \"count\": 1}\r\n\n  \n{\"name\":\"\u00c3\u00a9\",\"more\":0}\n{\"name\":\"last\"}";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                List<Item> items = new ArrayList<>();
                response(cut).jsonLines(Item.class).forEach(items::add);
                assertEquals(List.of(new Item("a", 1), new Item("\u00e9", 0), new Item("last", 0)), items);
            }
            return null;
        });
    }

    @Test
    void theyComeAsTheyCome() {
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("1\n2\n", "3\n", "4");
            Iterator<Integer> numbers = response(body).jsonLines(Integer.class).iterator();
            assertEquals(1, numbers.next());
            assertEquals(2, numbers.next());
            assertEquals(4, body.bytesReceived());
            assertEquals(3, numbers.next());
            assertEquals(4, numbers.next());
            assertFalse(numbers.hasNext());
            return null;
        });
    }

    @Test
    void whatIsNone() {
        Asyncio.run(() -> {
            for (String line : List.of("{", "null", "\"text\"", "[1]")) {
                Iterator<Item> items = response(FakeBody.of("{}\n" + line + "\n"))
                        .jsonLines(Item.class)
                        .iterator();
                assertEquals(new Item(null, 0), items.next());
                JsonDecodeException e = assertThrows(JsonDecodeException.class, items::hasNext);
                assertTrue(e.getMessage().contains("it begins with"), e.getMessage());
            }
            Iterator<Item> items =
                    response(FakeBody.of(" ".repeat(41))).jsonLines(Item.class).iterator();
            assertThrows(LineTooLongException.class, items::hasNext);
            return null;
        });
    }

    @Test
    void linesInTheCharsetOfTheHead() {
        Asyncio.run(() -> {
            List<String> lines = new ArrayList<>();
            response(FakeBody.of("a\u00e9\n", "b")).lines().forEach(lines::add);
            assertEquals(List.of("a\u00e9", "b"), lines);
            return null;
        });
    }
}
