package dev.weft.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
    @ParameterizedTest
    @CsvSource({
        "http://user:secret@host/x, http://***@host/x",
        "http://user:se:c@ret@host?q, http://***@host?q",
        "http://token@host:80/x, http://***@host:80/x",
        "http://:p@host, http://***@host",
        "//u:p@host/x, //***@host/x",
        "to http://u:p@host/a then https://v:q@other, to http://***@host/a then https://***@other",
        "http://a:b@h/?u=http://c:d@i/, http://***@h/?u=http://***@i/",
    })
    void whatStandsBeforeTheAtIsHidden(String text, String hidden) {
        assertEquals(hidden, Credentials.hide(text));
    }

    @Test
    void restStaysTheSameObject() {
        for (String text : new String[] {
            "http://host:80/a@b:c@d", "http://host?u:p@x", "http://h/a//b@c", "mailto:a:b@c", "http://", "http://@h", ""
        }) {
            assertSame(text, Credentials.hide(text));
        }
    }
}
