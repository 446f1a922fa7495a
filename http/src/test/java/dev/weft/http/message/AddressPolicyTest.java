package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static String objection(AddressPolicy policy, String address) {
        return policy.objection(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, this network",
        "0.255.255.255, this network",
        "10.0.0.1, private",
        "10.255.255.255, private",
        "100.64.0.0, shared",
        "100.127.255.255, shared",
        "127.0.0.1, loopback",
        "127.255.0.1, loopback",
        "169.254.169.254, link-local",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.1, reserved",
        "192.0.2.1, documentation",
        "192.88.99.1, reserved",
        "192.168.0.1, private",
        "198.18.0.1, benchmarks",
        "198.19.255.255, benchmarks",
        "198.51.100.7, documentation",
        "203.0.113.7, documentation",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, broadcast",
        "::, unspecified",
        "::1, loopback",
        "::7f00:1, not global",
        "::a00:1, not global",
        "100::1, not global",
        "64:ff9b:1::a00:1, not global",
        "64:ff9b::a00:1, private",
        "64:ff9b::7f00:1, loopback",
        "2001:2::1, benchmarks",
        "2001:10::1, reserved",
        "2001:db8::1, documentation",
        "3fff::1, documentation",
        "3fff:fff:ffff::1, documentation",
        "2002:a00:1::1, private",
        "2002:7f00:1::, loopback",
        "2002:a9fe:a9fe::1, link-local",
        "2001:0:5db8:d822:0:0:f5ff:fffe, private",
        "2001:0:a00:1:0:0:a247:27dd, private",
        "2606:2800:220:1:0:5efe:a00:1, private",
        "5f00::1, not global",
        "4000::1, not global",
        "fc00::1, private",
        "fd12:3456::1, private",
        "fe80::1, link-local",
        "febf::1, link-local",
        "fec0::1, site-local",
        "ff02::1, multicast"
    })
    void publicOnlyForbids(String address, String why) {
        String objection = objection(AddressPolicy.publicOnly(), address);
        assertNotNull(objection, address);
        assertTrue(objection.contains(why), objection);
        assertNull(objection(AddressPolicy.open(), address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "93.184.216.34",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:2800:220:1:248:1893:25c8:1946",
                "2001:4860:4860::8888",
                "2a00::1",
                "64:ff9b::5db8:d822",
                "2002:5db8:d822::1",
                "2001:0:5db8:d822:0:0:a247:27dd",
                "2606:2800:220:1:0:5efe:5db8:d822"
            })
    void publicOnlyAllows(String address) {
        assertNull(objection(AddressPolicy.publicOnly(), address));
    }

    /** The JDK makes IPv4 of these, but a resolver may bring one as it is. */
    @Test
    void ipv4InIpv6() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress("loopback", mapped, -1);
        assertTrue(address instanceof Inet6Address);
        assertNotNull(AddressPolicy.publicOnly().objection(address));
        assertNull(AddressPolicy.publicOnly().allow("127.0.0.1").objection(address));
        assertNotNull(AddressPolicy.open().deny("127.0.0.0/8").objection(address));
        mapped[12] = 1;
        assertNull(AddressPolicy.publicOnly().objection(Inet6Address.getByAddress("public", mapped, -1)));
    }

    @Test
    void whatIsSaidLaterWins() {
        AddressPolicy some = AddressPolicy.publicOnly()
                .allow("10.1.0.0/16")
                .deny("10.1.2.0/24")
                .allow("10.1.2.3");
        assertNull(objection(some, "10.1.0.1"));
        assertNotNull(objection(some, "10.2.0.1"));
        assertNull(objection(some, "10.1.2.3"));
        assertEquals("the address 10.1.2.4 is forbidden: 10.1.2.0/24 is denied", objection(some, "10.1.2.4"));
        assertNotNull(objection(AddressPolicy.publicOnly(), "10.1.0.1"));
        assertNotNull(objection(AddressPolicy.open().deny("0.0.0.0/0"), "1.1.1.1"));
        assertNull(objection(AddressPolicy.open().deny("0.0.0.0/0"), "2a00::1"));
        assertNull(objection(AddressPolicy.publicOnly().allow("fd00::/8"), "fd00::1"));
        // The carrier is allowed, what it carries is not.
        assertNotNull(objection(AddressPolicy.publicOnly().allow("64:ff9b::/96"), "64:ff9b::a00:1"));
        assertNotNull(objection(AddressPolicy.open().deny("10.0.0.0/8"), "2002:a00:1::1"));
    }

    @Test
    void ports() {
        AddressPolicy web = AddressPolicy.open().ports(443, 80);
        assertNull(web.objection(80));
        assertEquals("port 22 is not among those allowed: 80, 443", web.objection(22));
        assertNull(web.objection(InetAddress.ofLiteral("10.0.0.1")));
        assertNull(web.ports().objection(22));
        assertNull(AddressPolicy.publicOnly().objection(22));
        assertThrows(IllegalArgumentException.class, () -> AddressPolicy.open().ports(0));
        assertThrows(IllegalArgumentException.class, () -> AddressPolicy.open().ports(65536));
    }

    @Test
    void open() {
        assertTrue(AddressPolicy.open().isOpen());
        assertTrue(!AddressPolicy.publicOnly().isOpen());
        assertTrue(!AddressPolicy.open().ports(80).isOpen());
    }

    @ParameterizedTest
    @CsvSource({
        "host.test, no address in digits: host.test",
        "127.1, no address in digits: 127.1",
        "10.0.0.0/33, the length in 10.0.0.0/33 must be a number from 0 to 32",
        "10.0.0.0/, the length in 10.0.0.0/ must be a number from 0 to 32",
        "10.0.0.0/-1, the length in 10.0.0.0/-1 must be a number from 0 to 32",
        "fd00::/129, the length in fd00::/129 must be a number from 0 to 128",
        "10.0.0.1/8, 10.0.0.1/8 is not the start of a range: that would be 10.0.0.0/8",
        "'', no address in digits: "
    })
    void whatIsNoRange(String text, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> AddressPolicy.open().allow(text));
        assertEquals(message == null ? "" : message.strip(), e.getMessage().strip());
    }
}
