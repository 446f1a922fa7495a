package dev.weft.loop.net.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of addresses, as RFC 8305 has it, and how they are written. */
class AddressesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "::1 ::2 1.1.1.1 2.2.2.2 | ::1 1.1.1.1 ::2 2.2.2.2",
                "1.1.1.1 ::1 ::2 2.2.2.2 | 1.1.1.1 ::1 2.2.2.2 ::2",
                "::1 ::2 ::3 1.1.1.1 | ::1 1.1.1.1 ::2 ::3",
                "1.1.1.1 ::1 ::2 ::3 | 1.1.1.1 ::1 ::2 ::3",
                "::1 | ::1",
                "2.2.2.2 1.1.1.1 | 2.2.2.2 1.1.1.1",
            })
    void theFamiliesTakeTurns(String given, String expected) {
        assertEquals(addresses(expected), Addresses.interleave(addresses(given)));
    }

    private static List<InetAddress> addresses(String text) {
        return Stream.of(text.split(" ")).map(InetAddress::ofLiteral).toList();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:80", "2001:db8::1, [2001:db8:0:0:0:0:0:1]:80"})
    void anAddressIsWrittenWithItsPort(String address, String text) {
        assertEquals(text, Addresses.text(new InetSocketAddress(InetAddress.ofLiteral(address), 80)));
    }
}
