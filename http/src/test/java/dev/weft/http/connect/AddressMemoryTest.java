package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressMemoryTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AddressMemory memory = new AddressMemory();

    private static InetSocketAddress address(String last) {
        return new InetSocketAddress(InetAddress.ofLiteral("192.0.2." + last), 80);
    }

    private static List<InetSocketAddress> addresses(String... last) {
        return Stream.of(last).map(AddressMemoryTest::address).toList();
    }

    @Test
    void theDeadAreTriedLast() {
        List<InetSocketAddress> all = addresses("1", "2", "3");
        assertEquals(all, memory.order(all, 0));
        memory.tried(all, address("2"), 0);
        assertEquals(addresses("2", "3", "1"), memory.order(all, 1));
        memory.tried(memory.order(all, 1), address("3"), 1);
        assertEquals(addresses("3", "1", "2"), memory.order(all, 2));
        // Another port is another thing.
        InetSocketAddress other = new InetSocketAddress(address("1").getAddress(), 81);
        assertEquals(List.of(other), memory.order(List.of(other), 2));
    }

    @Test
    void forAMinute() {
        List<InetSocketAddress> all = addresses("1", "2");
        memory.tried(all, address("2"), 5);
        assertEquals(addresses("2", "1"), memory.order(all, 4 + MINUTE));
        assertEquals(all, memory.order(all, 5 + MINUTE));
    }

    @Test
    void whatWorksAgainIsNotHeldAgainstIt() {
        List<InetSocketAddress> all = addresses("1", "2");
        memory.tried(all, address("2"), 0);
        memory.tried(addresses("1"), address("1"), 1);
        assertEquals(all, memory.order(all, 2));
    }

    @Test
    void whereAllAreDeadTheOrderStays() {
        List<InetSocketAddress> all = addresses("1", "2");
        memory.tried(all, null, 0);
        assertEquals(all, memory.order(all, 1));
    }

    @Test
    void notTooMuchIsRemembered() {
        for (int i = 0; i < 3000; i++) {
            memory.tried(List.of(new InetSocketAddress(address("1").getAddress(), i + 1)), null, i);
        }
        List<InetSocketAddress> oldest =
                List.of(new InetSocketAddress(address("1").getAddress(), 1), address("9"));
        assertEquals(oldest, memory.order(oldest, 3000));
    }
}
