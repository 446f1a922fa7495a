package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    private static final Headers SOME = Headers.builder()
            .add("Accept", "a")
            .add("X", "1")
            .add("accept", "b")
            .build();

    @Test
    void namesIgnoreCaseAndKeepTheirOrder() {
        assertEquals("a", SOME.first("ACCEPT"));
        assertEquals(List.of("a", "b"), SOME.all("accept"));
        assertNull(SOME.first("nope"));
        assertEquals(List.of(), SOME.all("nope"));
        assertTrue(SOME.contains("x"));
        assertFalse(SOME.contains("y"));
        assertEquals(3, SOME.size());
        List<String> names = new ArrayList<>();
        SOME.forEach(field -> names.add(field.getKey() + "=" + field.getValue()));
        assertEquals(List.of("Accept=a", "X=1", "accept=b"), names);
    }

    @Test
    void isImmutable() {
        Headers.Builder builder = SOME.toBuilder();
        Headers before = builder.build();
        builder.add("Y", "2");
        assertEquals(SOME, before);
        assertThrows(UnsupportedOperationException.class, () -> SOME.iterator().remove());
    }

    @Test
    void setTakesTheFirstPlace() {
        assertEquals(
                "[accept=c, X=1]", SOME.toBuilder().set("accept", "c").build().toString());
        assertEquals(
                "[Accept=a, X=1, accept=b, N=v]",
                SOME.toBuilder().set("N", "v").build().toString());
        assertEquals("[X=1]", SOME.toBuilder().remove("ACCEPT").build().toString());
    }

    @Test
    void aBuilderGoesOnWithoutTouchingWhatItGave() {
        Headers.Builder builder = Headers.builder().add("A", "1");
        Headers one = builder.build();
        Headers two = builder.add("B", "2").build();
        Headers three = builder.set("a", "3").build();
        Headers four = builder.remove("B").add("C", "4").build();
        assertEquals("[A=1]", one.toString());
        assertEquals("[A=1, B=2]", two.toString());
        assertEquals("[a=3, B=2]", three.toString());
        assertEquals("[a=3, C=4]", four.toString());
        for (int i = 0; i < 100; i++) {
            builder.add("N", "" + i);
        }
        assertEquals(102, builder.build().size());
        assertEquals("[a=3, C=4]", four.toString());
    }

    @Test
    void aFieldOfOthersIsAddedAsItIs() {
        Headers some = Headers.builder().add("x", "y").add(SOME, 2).build();
        assertEquals("[x=y, accept=b]", some.toString());
        assertThrows(IndexOutOfBoundsException.class, () -> Headers.builder().add(some, 2));
    }

    @Test
    void fieldsByTheirPlace() {
        assertEquals("accept", SOME.name(2));
        assertEquals("b", SOME.value(2));
        Headers one = Headers.builder().add("A", "1").build();
        assertThrows(IndexOutOfBoundsException.class, () -> one.name(1));
        assertThrows(IndexOutOfBoundsException.class, () -> one.value(-1));
    }

    @Test
    void tokens() {
        Headers headers = Headers.builder()
                .add("Connection", "keep-alive , Close")
                .add("connection", "x")
                .build();
        assertTrue(headers.hasToken("Connection", "close"));
        assertTrue(headers.hasToken("Connection", "X"));
        assertFalse(headers.hasToken("Connection", "clos"));
        assertFalse(headers.hasToken("Connection", "keep-alive , Close"));
        assertTrue(Headers.builder().add("A", "b, ,\tc").build().hasToken("a", "C"));
        assertTrue(Headers.builder().add("A", "b,").build().hasToken("a", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "a\n", "a\0", "é", "a\t", "(a)", "a,b"})
    void refusesNames(String name) {
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().add(name, "v"));
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().set(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nEvil: 1", "a\n", "\r", "a\0b", "\u0001", "\u007f"})
    void refusesValues(String value) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Headers.builder().add("Name", value));
        assertTrue(e.getMessage().contains("Name"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().set("Name", value));
    }

    @Test
    void takesValues() {
        assertEquals("a\tb é", Headers.builder().add("N", " a\tb é ").build().first("n"));
        assertEquals("", Headers.builder().add("N", "").build().first("n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G ET", "GET\r\n", "GE\0T", "GET:"})
    void methodsAreTokens(String method) {
        assertThrows(IllegalArgumentException.class, () -> ClientRequest.of(method, HttpUrl.parse("http://h")));
    }
}
