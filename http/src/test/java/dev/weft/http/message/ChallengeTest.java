package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ChallengeTest {
    /** A challenge as the table writes it: {@code scheme(token){name=value}}. */
    private static String shown(List<Challenge> challenges) {
        StringBuilder text = new StringBuilder();
        for (Challenge one : challenges) {
            text.append(text.isEmpty() ? "" : " ").append(one.scheme());
            text.append(one.token() == null ? "" : "(" + one.token() + ")");
            text.append(
                    one.parameters().isEmpty()
                            ? ""
                            : one.parameters().toString().replace(", ", ";"));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|~~",
                "Basic|basic",
                "Negotiate, NTLM|negotiate ntlm",
                "Basic realm=\"a b\"|basic{realm=a b}",
                "BASIC REALM=x|basic{realm=x}",
                "Basic realm = \"x\" , charset = UTF-8|basic{realm=x;charset=UTF-8}",
                "Basic realm=\"a,b=\\\"c\\\" \\\\ d\"|basic{realm=a,b=\"c\" \\ d}",
                "Basic realm=\"\"|basic{realm=}",
                "Negotiate YWJj/+==|negotiate(YWJj/+==)",
                "Negotiate YWJj==  , Basic realm=x|negotiate(YWJj==) basic{realm=x}",
                "Foo a, Bar b|foo(a) bar(b)",
                // RFC 9110 section 11.6.1
                "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\""
                        + "|basic{realm=simple} newauth{realm=apps;type=1;title=Login to \"apps\"}",
                "Digest realm=a, nonce=b, Basic realm=c, Digest realm=d|digest{realm=a;nonce=b} basic{realm=c} digest{realm=d}",
                ", ,Basic realm=x,,foo=y,|basic{realm=x;foo=y}",
                "Basic realm=first, realm=second|basic{realm=first}",
                // what servers write beyond the grammar
                "Digest nonce=YWJj/w==, domain=/a b|digest{nonce=YWJj/w==;domain=/a}",
                "Digest realm=\"open|digest{realm=open}",
                "Digest realm=\"x\\|digest{realm=x\\}",
                "Digest realm=é, nonce=1|digest{realm=é;nonce=1}",
                // no further than it can be read
                "Basic realm=x; Digest realm=y|basic{realm=x;}",
                "Basic realm=\"x\" y, Digest realm=z|basic{realm=x}",
                "Basic=x|~~",
                "\"Basic\" realm=x|~~",
                "Basic @|basic",
                "Basic realm=x, @, Digest realm=y|basic{realm=x}",
            })
    void table(String header, String expected) {
        assertEquals(expected, shown(Challenge.parse(List.of(header))));
    }

    @Test
    void oneBrokenHeaderDoesNotHideTheOthers() {
        assertEquals("basic{realm=x} negotiate", shown(Challenge.parse(List.of("@", "Basic realm=x, @", "Negotiate"))));
    }

    @Test
    void parametersAlone() {
        assertEquals(Map.of("nextnonce", "a,b", "qop", "auth"), Challenge.parameters("nextnonce=\"a,b\", qop=auth"));
        assertEquals(Map.of(), Challenge.parameters("nextnonce"));
        assertEquals(Map.of(), Challenge.parameters(""));
    }

    @Test
    void anythingIsReadToItsEnd() {
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < 100_000; i++) {
            String header = random.nextBoolean()
                    ? RandomText.of(random, 30, "abD= ,\"\\\t/@é")
                    : RandomText.of(
                            random,
                            12,
                            "Digest ",
                            "Basic ",
                            "realm",
                            "=",
                            "\"",
                            "x",
                            ",",
                            " ",
                            "\\",
                            "nonce=\"a\"",
                            "==");
            List<Challenge> all = Challenge.parse(List.of(header));
            found += all.size();
            for (Challenge one : all) {
                assertTrue(Fields.isToken(one.scheme()), header);
                assertTrue(one.parameters().keySet().stream().allMatch(Fields::isToken), header);
            }
        }
        assertTrue(found > 10_000, "only " + found);
    }

    /** What is written by the grammar comes back as it was meant. */
    @Test
    void whatIsWrittenIsRead() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            List<Challenge> meant = new ArrayList<>();
            StringBuilder header = new StringBuilder();
            for (int n = random.nextInt(4); n >= 0; n--) {
                Map<String, String> parameters = new LinkedHashMap<>();
                String token = random.nextInt(4) == 0 ? "dG9r/+" + "=".repeat(random.nextInt(3)) : null;
                StringBuilder written = new StringBuilder(token == null ? "" : " " + token);
                for (int k = token == null ? random.nextInt(4) : 0; k > 0; k--) {
                    String value = RandomText.of(random, 5, "ab,= \"\\é/");
                    parameters.put("p" + k, value);
                    written.append(written.isEmpty() ? " " : random.nextBoolean() ? ", " : " ,,\t")
                            .append("P")
                            .append(k);
                    written.append(random.nextBoolean() ? "=" : " = ").append('"');
                    written.append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                            .append('"');
                }
                meant.add(new Challenge("scheme", token, parameters));
                header.append(header.isEmpty() ? "" : ", ").append("Scheme").append(written);
            }
            assertEquals(meant, Challenge.parse(List.of(header.toString())), header.toString());
        }
    }
}
