package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.NetrcFile.Login;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class NetrcFileTest {
    /** A table's text with line ends for ␍ and ⏎. */
    private static String lines(String text) {
        return text.replace('␍', '\r').replace('⏎', '\n');
    }

    private static String login(String file, String host) {
        Login login = NetrcFile.parse(file).machines().get(host);
        return login == null ? "none" : login.user() + " " + login.password();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|none",
                "machine h login u password p|u p",
                "machine h⏎  login u⏎\tpassword p⏎|u p",
                "machine h␍⏎login u␍⏎password p␍⏎|u p",
                "machine h password p login u|u p",
                "machine h login u account a password p|u p",
                "machine h login u|~u ~",
                "machine h password p|~ p~",
                "machine h|~ ~",
                "machine H login u password p|u p",
                "machine a login x password y machine h login u password p|u p",
                "machine h login u password p machine h login x password y|u p",
                "machine h login u login x password p|u p",
                "machine other login u password p|none",
                // quotes
                "machine \"h\" login \"a b\" password \"c\\\"d\\\\e\\f\"|a b c\"d\\ef",
                "machine h login u password \"\"|~u ~",
                "machine h login u password a\"b\"|u a\"b\"",
                "machine h login u password a\\nb|u a\\nb",
                // comments
                "# a b c⏎machine h # login x⏎ #⏎login u #c⏎password p # end|u p",
                "machine h login #u password #p|#u #p",
                "#|none",
                // macros
                "macdef init⏎machine h login x⏎⏎machine h login u password p|u p",
                "machine h login u password p macdef init⏎cd /⏎machine x⏎|u p",
                "machine h login u macdef m⏎put⏎ ⏎machine x password p|~u ~",
                "macdef m|none",
                // default
                "default login x password y|none",
                "default login x password y machine h login u password p|u p",
            })
    void table(String file, String expected) {
        assertEquals(expected, login(lines(file), "h"));
    }

    @Test
    void theDefaultEntry() {
        NetrcFile file = NetrcFile.parse("machine h login u password p\ndefault login d password q\ndefault login e");
        assertEquals(new Login("d", "q"), file.otherwise());
        assertNull(NetrcFile.parse("machine h login u").otherwise());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.1|127.0.0.1",
                "::1|::1",
                "[0:0::1]|::1",
                "h.|h.",
                "bücher.example|xn--bcher-kva.example",
                "a b|a b"
            })
    void hostsAreInTheirOneForm(String name, String host) {
        assertEquals("u p", login("machine \"" + name + "\" login u password p", host));
    }

    @Test
    void aByteOrderMarkIsNoWord() {
        assertEquals("u p", login("\ufeffmachine h login u password p", "h"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "hello|line 1: the word \"h...\" is none of machine",
                "⏎⏎machine h⏎login u⏎secret|line 5: the word \"s...\" is none of machine",
                "machine h login u password my secret|line 1: the word \"s...\" is none of machine",
                "machine h login u password x y|line 1: the word \"y\" is none of machine",
                "login u|line 1: the word \"l...\" belongs to no \"machine\" or \"default\"",
                "# c⏎machine|line 2: nothing stands behind \"machine\"",
                "machine h⏎login|line 2: nothing stands behind \"login\"",
                "machine h password|line 1: nothing stands behind \"password\"",
                "macdef|line 1: nothing stands behind \"macdef\"",
                "⏎machine h⏎password \"secret⏎⏎|line 3: a double quote is not closed",
                "machine h password \"secret\\|line 1: a double quote is not closed",
                "machine h⏎login a:b|line 2: the user name \"a:b\" holds a ':'",
                "machine h⏎login \"a\\nb\"|line 2: the user name holds the control character U+000A",
                "machine h⏎password \"secret\\r\"|line 2: the password holds the control character U+000D",
                "machine h login \"a⏎b⏎c\" password p|line 1: the user name holds the control character",
                "macdef m⏎a⏎b⏎⏎secret|line 5: the word",
            })
    void saysOnWhichLineAndShowsNoPassword(String file, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> NetrcFile.parse(lines(file)))
                .getMessage();
        assertTrue(said.startsWith(message), said);
        assertFalse(said.contains("secret"), said);
    }

    @Test
    void anythingIsReadOrRefusedWithALine() {
        Random random = new Random(17);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            String file = RandomText.of(
                    random,
                    14,
                    "machine",
                    "default",
                    "login",
                    "password",
                    "account",
                    "macdef",
                    " ",
                    "\n",
                    "\r\n",
                    "\t",
                    "\"",
                    "\\",
                    "#",
                    "h",
                    "u:",
                    "é",
                    "\n\n",
                    " ",
                    " ");
            try {
                NetrcFile.parse(file);
                read++;
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().matches("(?s)line \\d+: .*"), e.getMessage());
            }
        }
        assertTrue(read > 1000, "only " + read);
    }
}
