package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HostParserTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,127.0.0.1",
        "127.1,127.0.0.1",
        "127.0.1,127.0.0.1",
        "127.0.256,127.0.1.0",
        "2130706433,127.0.0.1",
        "0x7f.1,127.0.0.1",
        "0X7F.0x0.0.1,127.0.0.1",
        "0x7f000001,127.0.0.1",
        "0177.0.0.01,127.0.0.1",
        "017700000001,127.0.0.1",
        "127.0.0.1.,127.0.0.1",
        "0,0.0.0.0",
        "0x,0.0.0.0",
        "00000000000000000000000000000000000001,0.0.0.1",
        "4294967295,255.255.255.255",
        "255.16777215,255.255.255.255",
        "169.254.43518,169.254.169.254",
        "１２７。０．０｡１,127.0.0.1",
        "%31%32%37.1,127.0.0.1",
        "%EF%BC%91,0.0.0.1",
    })
    void everyFormOfAnIpv4AddressIsOne(String text, String address) {
        assertEquals(address, HostParser.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4.5",
                "256.0.0.1",
                "1.2.3.256",
                "1.2.65536",
                "4294967296",
                "99999999999999999999999999",
                "0x100000000",
                "08",
                "1.2.3.09",
                "0x7g.1",
                "a.1",
                "foo.0x4",
                "example.com.5.",
                "-1.1",
            })
    void whatEndsInANumberIsNoName(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostParser.parse(text))
                .getMessage();
        assertTrue(message.startsWith("its host ends in a number but is no IPv4 address: "), message);
    }

    @ParameterizedTest
    @CsvSource({
        "[::1],::1",
        "[0:0:0:0:0:0:0:1],::1",
        "[2001:DB8:0:0:1:0:0:1],2001:db8::1:0:0:1",
        "[2001:db8:0:1:1:1:1:1],2001:db8:0:1:1:1:1:1",
        "[::ffff:127.0.0.1],::ffff:7f00:1",
        "[::ffff:7F00:1],::ffff:7f00:1",
        "[64:ff9b::10.0.0.1],64:ff9b::a00:1",
        "[::],::",
    })
    void ipv6InItsShortestForm(String text, String address) {
        assertEquals(address, HostParser.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.com,example.com",
        "h.,h.",
        "1e3,1e3",
        "a_b-c.d,a_b-c.d",
        "3com,3com",
        "1.2.3.4.example,1.2.3.4.example",
        "0xg,0xg",
        "ex%41mple.com,example.com",
        "%62%C3%BCcher.example,xn--bcher-kva.example",
        "BÜCHER.example,xn--bcher-kva.example",
        "ₐⲀ.example,xn--a-0ns.example",
        "例え.テスト,xn--r8jz45g.xn--zckzah",
        "ｅｘａｍｐｌｅ．com,example.com",
        "xn--bcher-kva.example,xn--bcher-kva.example",
    })
    void names(String text, String host) {
        assertEquals(host, HostParser.parse(text));
        assertEquals(host, HostParser.parse(host), "the form does not change again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|no host",
                "a b|character ' '",
                "a%20b|character ' '",
                "a%2Fb|character '/'",
                "a%00b|character U+0000",
                "a%zz|character '%'",
                "%|character '%'",
                "a%5Bb|character '['",
                "%5B::1%5D|character '['",
                "::1|character ':'",
                "a＠b|character '@'",
                "℀.example|character '/'",
                "a*b|character '*'",
                "a\u007fb|character U+007F",
                ".a|empty part",
                "a..b|empty part",
                ".|empty part",
                "a。。b|not a valid international name",
                "a%E9b|not a valid international name",
                "straße.example|U+00DF",
                "βόλος.example|U+03C2",
                "a\u200db.example|U+200D",
                "[::1|closing bracket",
                "[|closing bracket",
                "[[::1]]|closing bracket",
                "[]|not an IPv6 address",
                "[1.2.3.4]|not an IPv6 address",
                "[::g]|not an IPv6 address",
                "[1:2:3:4:5:6:7:8:9]|not an IPv6 address",
                "[fe80::1%25eth0]|names a zone",
                "[fe80::1%1]|names a zone",
            })
    void saysWhatIsWrong(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostParser.parse(text))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void lengths() {
        String label = "a".repeat(63);
        assertEquals(label, HostParser.parse(label));
        assertThrows(IllegalArgumentException.class, () -> HostParser.parse(label + "a"));
        String longest = String.join(".", label, label, label, "b".repeat(61));
        assertEquals(253, longest.length());
        assertEquals(longest, HostParser.parse(longest));
        assertEquals(longest + ".", HostParser.parse(longest + "."));
        assertThrows(IllegalArgumentException.class, () -> HostParser.parse(longest + "b"));
    }

    /** Whatever comes, a host is in one form, says so, or is refused with a reason; and looks like an address only if it is one. */
    @Test
    void anythingIsAHostOrRefused() {
        Pattern looksLikeIpv4 = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");
        Random random = new Random(7);
        int hosts = 0;
        for (int i = 0; i < 100_000; i++) {
            String text = RandomText.of(random, 12, "0123456789abcxX.%-_[]:é。１@/ ");
            String host;
            try {
                host = HostParser.parse(text);
            } catch (IllegalArgumentException e) {
                assertTrue(
                        e.getClass() == IllegalArgumentException.class
                                && !e.getMessage().isEmpty(),
                        text);
                continue;
            }
            hosts++;
            assertEquals(host, HostParser.parse(host.contains(":") ? "[" + host + "]" : host), text);
            if (looksLikeIpv4.matcher(host).matches()) {
                assertEquals(host, InetAddress.ofLiteral(host).getHostAddress(), text);
            }
        }
        assertTrue(hosts > 1000, "only " + hosts + " hosts");
    }
}
