package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ProxySelectorTest {
    private static String chosen(ProxySelector selector, String url) {
        Proxy proxy = selector.select(HttpUrl.parse(url));
        return proxy == null ? "-" : proxy.toString();
    }

    @Test
    void noneAndOne() {
        assertEquals("-", chosen(ProxySelector.none(), "http://h/"));
        assertEquals("http://p:1", chosen(ProxySelector.of(Proxy.http("p", 1)), "https://h/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|-|-",
                "http_proxy=http://a:1|http://a:1|-",
                "HTTP_PROXY=http://a:1|-|-",
                "https_proxy=http://b:1|-|http://b:1",
                "HTTPS_PROXY=http://b:1|-|http://b:1",
                "https_proxy=http://b:1 HTTPS_PROXY=http://c:1|-|http://b:1",
                "https_proxy= HTTPS_PROXY=http://c:1|-|http://c:1",
                "all_proxy=socks5://d:1|socks5://d:1|socks5://d:1",
                "ALL_PROXY=d:1|http://d:1|http://d:1",
                "all_proxy=d:1 http_proxy=a:1|http://a:1|http://d:1",
                "all_proxy=d:1 https_proxy=b:1|http://d:1|http://b:1",
                "http_proxy=a:1 https_proxy=b:1 no_proxy=*|-|-",
                "http_proxy=a:1 https_proxy=b:1 NO_PROXY=h|-|-",
                "http_proxy=a:1 https_proxy=b:1 no_proxy=x NO_PROXY=h|http://a:1|http://b:1",
                "http_proxy=a:1 https_proxy=b:1 no_proxy=h:443|http://a:1|-",
            })
    void variables(String environment, String http, String https) {
        Map<String, String> variables = new HashMap<>();
        for (String one : environment.split(" ", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                variables.put(one.substring(0, equals), one.substring(equals + 1));
            }
        }
        ProxySelector selector = ProxySelector.environment(variables);
        variables.clear();
        assertEquals(http, chosen(selector, "http://h/"), "read once");
        assertEquals(https, chosen(selector, "https://h/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http_proxy|http://u:secret@a:x|no proxy: its port",
                "https_proxy|ftp://u:secret@a|no proxy: its scheme",
                "HTTPS_PROXY|http://u:secret@|no proxy: it has no host",
                "all_proxy|socks4://u:secret@a|no proxy: a SOCKS 4",
                "no_proxy|a,b c,10.0.0.0/33|entry \"10.0.0.0/33\" is no host, address or range: what stands behind the /",
                "no_proxy|10.0.0.0/x|behind the /",
                "no_proxy|10.0.0.0/|behind the /",
                "no_proxy|h/8|before the / is no IP address",
                "NO_PROXY|h:x|its port is not a number",
                "no_proxy|h:|its port is not a number",
                "no_proxy|192.168.*|character '*'",
                "no_proxy|<local>|character '<'",
                "no_proxy|1.2.3.4.5|no IPv4 address",
                "no_proxy|[::1|no closing bracket",
                "no_proxy|..|empty part",
                "no_proxy|*.|no host",
            })
    void namesTheVariable(String name, String value, String reason) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> ProxySelector.environment(Map.of(name, value)))
                .getMessage();
        assertTrue(message.startsWith("environment variable " + name + ": "), message);
        assertTrue(message.contains(reason), message);
        assertFalse(message.contains("secret"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "h|http://h/|true",
                "h|http://h./|true",
                "h.|http://h/|true",
                "H|http://h/|true",
                "h|http://a.h/|true",
                "h|http://b.a.h:81/|true",
                "h|http://xh/|false",
                "a.h|http://h/|false",
                ".h|http://h/|true",
                ".h|http://a.h/|true",
                "*.h|http://a.h/|true",
                "*.h|http://xh/|false",
                "bücher.example|http://xn--bcher-kva.example/|true",
                "~a, b c\t,,d~|http://c/|true",
                "~a, b c\t,,d~|http://d/|true",
                "~a, b c\t,,d~|http://e/|false",
                "*|http://127.0.0.1/|true",
                "~a,*~|http://x/|true",
                "h:81|http://h:81/|true",
                "h:81|http://a.h:81/|true",
                "h:81|http://h/|false",
                "h:443|https://h/|true",
                // addresses
                "127.0.0.1|http://127.0.0.1/|true",
                "127.1|http://2130706433/|true",
                "127.0.0.1:81|http://127.0.0.1:81/|true",
                "127.0.0.1:81|http://127.0.0.1/|false",
                "0.0.1|http://127.0.0.1/|false",
                ".1|http://127.0.0.1/|false",
                "::1|http://[::1]/|true",
                "[::1]|http://[0:0::1]/|true",
                "[::1]:81|http://[::1]:81/|true",
                "[::1]:81|http://[::1]/|false",
                "127.0.0.1|http://[::ffff:127.0.0.1]/|true",
                // ranges
                "10.0.0.0/8|http://10.255.0.1/|true",
                "10.0.0.0/8|http://11.0.0.1/|false",
                "10.1.2.3/8|http://10.9.9.9/|true",
                "192.168.0.0/23|http://192.168.1.255/|true",
                "192.168.0.0/23|http://192.168.2.0/|false",
                "1.2.3.4/32|http://1.2.3.4/|true",
                "1.2.3.4/32|http://1.2.3.5/|false",
                "0.0.0.0/0|http://8.8.8.8/|true",
                "0.0.0.0/0|http://[::1]/|false",
                "10.0.0.0/8|http://[::ffff:10.0.0.1]/|true",
                "fd00::/8|http://[fdab::1]/|true",
                "fd00::/8|http://[fe00::1]/|false",
                "[fd00::]/8|http://[fdab::1]/|true",
                "::1/128|http://[::1]/|true",
                "10.0.0.0/8|http://10.example/|false",
            })
    void noProxy(String value, String url, boolean direct) {
        ProxySelector selector = ProxySelector.environment(Map.of("all_proxy", "p:1", "no_proxy", value));
        assertEquals(direct ? "-" : "http://p:1", chosen(selector, url));
    }

    @Test
    void anyNoProxyIsReadOrRefused() {
        Random random = new Random(23);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            String text = RandomText.of(random, 12, "a.:/*[]128, é");
            try {
                NoProxy direct = NoProxy.parse(text);
                direct.matches(HttpUrl.parse("http://[1::2]:81/"));
                direct.matches(HttpUrl.parse("http://a.a/"));
                read++;
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("the entry "), text);
            }
        }
        assertTrue(read > 1000, "only " + read);
    }

    /** A selector of Java's that answers one thing. */
    private static ProxySelector java(java.net.Proxy... answers) {
        return ProxySelector.of(new java.net.ProxySelector() {
            @Override
            public List<java.net.Proxy> select(URI uri) {
                assertEquals("http://h/a?b=%7C", uri.toString());
                return List.of(answers);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
    }

    @Test
    void javasOwn() {
        String url = "http://u:p@h/a?b=|";
        InetSocketAddress address = InetSocketAddress.createUnresolved("proxy", 3128);
        java.net.Proxy http = new java.net.Proxy(java.net.Proxy.Type.HTTP, address);
        java.net.Proxy socks = new java.net.Proxy(java.net.Proxy.Type.SOCKS, address);
        assertEquals("http://proxy:3128", chosen(java(http, socks), url));
        assertEquals("socks5h://proxy:3128", chosen(java(socks), url));
        assertEquals("-", chosen(java(java.net.Proxy.NO_PROXY, http), url));
        assertNull(java().select(HttpUrl.parse(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/", "https://h/"})
    void theDefaultOfASetting(String url) {
        assertNull(Options.PROXY.fallback().select(HttpUrl.parse(url)));
    }
}
