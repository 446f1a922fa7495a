package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.loop.Asyncio;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that stop: section D of the specification. The limits of connecting are in TimeoutTest: there are no bytes to cut. */
class TimeoutCasesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("silent")
    void timeout(Case played) throws Exception {
        Conformance.holds(played.timed());
    }

    /** Reads an answer with these limits: what timed out, how far it was, what had come. */
    private static Case.Action within(Function<Duration, ClientTimeout> limits) {
        return (session, scene) -> {
            StringBuilder said = new StringBuilder();
            try (ClientResponse response = session.get(scene.url("/"))
                    .timeout(limits.apply(scene.soon()))
                    .await()) {
                said.append(response.status()).append(' ');
                for (ByteBuffer piece : response.content()) {
                    said.append(java.nio.charset.StandardCharsets.ISO_8859_1.decode(piece));
                }
                return said.toString();
            } catch (RequestTimeoutException e) {
                String received = e instanceof ReadTimeoutException read ? ", " + read.bytesReceived() + " bytes" : "";
                return said + e.getClass().getSimpleName() + " in " + e.phase() + received;
            }
        };
    }

    private static final Function<Duration, ClientTimeout> TOTAL = ClientTimeout::total;
    private static final Function<Duration, ClientTimeout> READ =
            soon -> ClientTimeout.builder().read(soon).build();
    private static final Function<Duration, ClientTimeout> FIRST_BYTE =
            soon -> ClientTimeout.builder().firstByte(soon).build();

    static Stream<Case> silent() {
        String head = "HTTP/1.1 200 OK⏎Content-Length: 100⏎⏎";
        return Stream.of(
                Case.of("H061 no answer, total")
                        .server("")
                        .does(within(TOTAL))
                        .wire()
                        .gives("TotalTimeoutException in FIRST_BYTE | 0/0/1 | GET /"),
                Case.of("H062 no answer, read")
                        .server("")
                        .does(within(READ))
                        .wire()
                        .gives("ReadTimeoutException in FIRST_BYTE, 0 bytes | 0/0/1 | GET /"),
                Case.of("H062 + no answer, first byte")
                        .server("")
                        .does(within(FIRST_BYTE))
                        .gives("FirstByteTimeoutException in FIRST_BYTE | 0/0/1"),
                Case.of("H063 + half a head, total")
                        .server("HTTP/1.1 200 OK⏎Content-")
                        .does(within(TOTAL))
                        .gives("TotalTimeoutException in FIRST_BYTE | 0/0/1"),
                Case.of("H063 + half a head, read")
                        .server("HTTP/1.1 200 OK⏎Content-")
                        .does(within(READ))
                        .gives("ReadTimeoutException in FIRST_BYTE, 0 bytes | 0/0/1"),
                Case.of("H063 + interim answers and no other, read")
                        .server("HTTP/1.1 102 Wait⏎⏎".repeat(3))
                        .does(within(READ))
                        .gives("ReadTimeoutException in FIRST_BYTE, 0 bytes | 0/0/1"),
                Case.of("H063 + a stale connection is no way around it")
                        .server(OK + "<req>")
                        .gets()
                        .does(within(READ))
                        .wire()
                        .gives("200 \"ok\"; ReadTimeoutException in FIRST_BYTE, 0 bytes | 0/0/1 | GET /, GET /"),
                Case.of("H064 half a body, total")
                        .server(head + "abc")
                        .does(within(TOTAL))
                        .gives("200 abcTotalTimeoutException in BODY | 0/0/1"),
                Case.of("H065 half a body, read")
                        .server(head + "abc")
                        .does(within(READ))
                        .gives("200 abcReadTimeoutException in BODY, 3 bytes | 0/0/1"),
                Case.of("H065 + half a chunk, read")
                        .server(Scripts.CHUNKED + "9⏎abc")
                        .does(within(READ))
                        .gives("200 abcReadTimeoutException in BODY, 3 bytes | 0/0/1"),
                Case.of("H066 no end of the chunks, total")
                        .server(Scripts.CHUNKED + "3⏎abc⏎0⏎")
                        .does(within(TOTAL))
                        .gives("200 abcTotalTimeoutException in BODY | 0/0/1"),
                Case.of("H066 + half a body, first byte")
                        .server(head + "abc<did 1>")
                        .does(within(soon -> ClientTimeout.builder()
                                .firstByte(soon)
                                .total(soon.multipliedBy(2))
                                .build()))
                        .gives("200 abcTotalTimeoutException in BODY | 0/0/1"),
                Case.of("H071 idle for longer than read allows")
                        .server(OK + "<req>" + OK)
                        .does(within(READ))
                        .does((session, scene) -> {
                            Asyncio.sleep(scene.soon().multipliedBy(2)).await();
                            return "";
                        })
                        .does(within(READ))
                        .gives("200 ok; 200 ok | 1/0/1"));
    }
}
