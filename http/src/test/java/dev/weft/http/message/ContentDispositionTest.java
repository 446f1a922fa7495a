package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDispositionTest {
    /** Spec H169, H170, RFC 6266 sections 5 and 4, RFC 8187 section 3.2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "attachment; filename=example.html|attachment|example.html",
                "INLINE; FILENAME= \"an example.html\"|inline|an example.html",
                "attachment; filename*=UTF-8''%e2%82%ac.txt; filename=\"x\"|attachment|€.txt",
                "attachment; filename=\"x\"; filename*= UTF-8''%e2%82%ac%20rates|attachment|€ rates",
                "attachment; filename=a b.txt|attachment|a b.txt",
                "attachment; filename=a b.txt ; size=3|attachment|a b.txt",
                "attachment; filename=\"../../etc/passwd\"|attachment|../../etc/passwd",
                "attachment; filename=\"a\\\"b\\\\c;d.txt\"|attachment|a\"b\\c;d.txt",
                "attachment; filename=\"a;b=c.txt\";x=y|attachment|a;b=c.txt",
                "attachment; filename=\"never closed.txt|attachment|never closed.txt",
                "attachment; filename=\"closed\" late.txt; x=1|attachment|closed",
                "attachment; filename=ä.txt|attachment|ä.txt",
                "attachment; filename*=iso-8859-1'en'%A3%20rates|attachment|£ rates",
                "attachment; filename*=\"UTF-8''quoted.txt\"|attachment|quoted.txt",
                "attachment; filename*=UTF-8''%zz; filename=plain.txt|attachment|plain.txt",
                "attachment; filename*=UTF-8''%ff; filename=plain.txt|attachment|plain.txt",
                "attachment; filename*=nocharset''x; filename=plain.txt|attachment|plain.txt",
                "attachment; filename*=plain|attachment|null",
                "attachment; filename*=''x; filename=plain.txt|attachment|plain.txt",
                "attachment; filename*0=\"foo-\"; filename*1=\"bar.html\"|attachment|foo-bar.html",
                "attachment; filename*0*=UTF-8''foo-%c3%a4; filename*1=\"100%.html\"|attachment|foo-ä100%.html",
                "attachment; filename*0*=broken; filename=plain.txt|attachment|plain.txt",
                "attachment; filename*1=b; filename=plain.txt|attachment|plain.txt",
                "attachment; filename=one; filename=two|attachment|one",
                "attachment; filename=|attachment|''",
                "attachment; filename|attachment|''",
                "attachment|attachment|null",
                "attachment;|attachment|null",
                "attachment; =x; ;; filename=a|attachment|a",
                "filename=forgotten.txt|attachment|forgotten.txt",
                "filename=\"forgotten.txt\"; x=y|attachment|forgotten.txt",
                "\"attachment\"; filename=a.txt|attachment|a.txt",
                "; filename=a.txt|attachment|a.txt",
                "form-data; name=\"field\"; filename=\"f\"|form-data|f",
            })
    void readsForgivingly(String value, String type, String filename) {
        ContentDisposition parsed = ContentDisposition.parse(value);
        assertNotNull(parsed);
        assertEquals(type, parsed.type());
        assertEquals("''".equals(filename) ? "" : filename, parsed.filename());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\"\"", "a b", "(x)", ";"})
    void givesNothingForNothing(String value) {
        assertNull(ContentDisposition.parse(value));
        assertNull(ContentDisposition.parse(null));
    }

    @Test
    void parametersHaveTheirPlainNames() {
        ContentDisposition parsed = ContentDisposition.parse("form-data; Name=n; title*=UTF-8'de'%C3%BC; size=12");
        assertEquals(Map.of("name", "n", "title", "ü", "size", "12"), parsed.parameters());
        assertEquals("n", parsed.name());
        assertThrows(
                UnsupportedOperationException.class, () -> parsed.parameters().put("a", "b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "\"../../etc/passwd\"|passwd",
                "\"..\\\\..\\\\boot.ini\"|boot.ini",
                "\"C:\\\\dir/file.txt\"|file.txt",
                "..%2F..%5Cx.txt|x.txt",
                "..%252fx.txt|x.txt",
                "\"a/\"|null",
                "..|null",
                "\"\"|null",
                "-rf.txt|rf.txt",
                "\" .. hidden\"|hidden",
                "con.txt|_con.txt",
                "\"LPT1\"|_LPT1",
                "\"a:b?.txt\"|a_b_.txt",
                "\"a\u202etxt.exe\"|a_txt.exe",
                "\"a.txt. . \"|a.txt",
                "good name.tar.gz|good name.tar.gz",
            })
    void safeNames(String sent, String safe) {
        assertEquals(
                safe, ContentDisposition.parse("attachment; filename=" + sent).safeFileName());
    }

    @Test
    void longNamesAreCutAtACharacter() {
        String name = ContentDisposition.parse("attachment; filename=" + "ü".repeat(300) + ".tar.gz")
                .safeFileName();
        assertEquals("ü".repeat(124) + ".tar.gz", name);
        assertEquals(255, name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        assertNull(ContentDisposition.parse("attachment").safeFileName());
    }

    /** Whatever is sent: it does not throw, and what is called safe is. */
    @Test
    void noValueBreaksIt() {
        String alphabet = ";=\"\\'*%0 1aF/.,<>:-\u202e\u00fc\t(";
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder value = new StringBuilder(i % 2 == 0 ? "attachment;filename" : "");
            for (int n = random.nextInt(24); n > 0; n--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ContentDisposition parsed = ContentDisposition.parse(value.toString());
            String safe = parsed == null ? null : parsed.safeFileName();
            if (safe != null) {
                assertEquals(safe, SafeFileName.of(safe, 255), value::toString);
                assertEquals(safe, SafeFileName.lastElement(safe), value::toString);
            }
        }
    }
}
