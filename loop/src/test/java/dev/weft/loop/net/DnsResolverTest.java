package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.ScriptedDns.Answer;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names, asked of a scripted name server over UDP. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DnsResolverTest {
    private final ShiftedClock clock = new ShiftedClock();

    private static DnsResolver.Builder asking(ScriptedDns server) {
        return DnsResolver.builder().nameServers(server.address()).family(Family.IPV4);
    }

    private void run(ScriptedDns server, Consumer<Resolver> body) {
        run(() -> body.accept(asking(server).build()));
    }

    private void run(Runnable body) {
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(body::run);
        }
    }

    private static List<String> addresses(Resolver resolver, String host) {
        return resolver.resolve(host).await().stream()
                .map(InetAddress::getHostAddress)
                .toList();
    }

    @Test
    void aNameHasAddresses() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1", "192.0.2.2"))) {
            run(dns, resolver -> {
                assertEquals(List.of("192.0.2.1", "192.0.2.2"), addresses(resolver, "host.test"));
                assertEquals(List.of(new ScriptedDns.Question("host.test", "A")), dns.asked);
            });
        }
    }

    @Test
    void anAnswerIsKeptAsLongAsItSays() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            run(dns, resolver -> {
                addresses(resolver, "host.test");
                clock.advance(Duration.ofSeconds(50));
                Asyncio.sleep(0).await();
                addresses(resolver, "HOST.test");
                assertEquals(1, dns.count("A"));
                clock.advance(Duration.ofSeconds(11));
                Asyncio.sleep(0).await();
                addresses(resolver, "host.test");
                assertEquals(2, dns.count("A"));
            });
        }
    }

    /** Lets the transport look at its timers, after which the cache has let go of what is over: a tick alone need not do that. */
    private static void settle() {
        Asyncio.sleep(Duration.ofMillis(1)).await();
    }

    @Test
    void anAnswerIsKeptWithinBounds() {
        Map<String, Integer> ttls = Map.of("short.test", 0, "long.test", 86400);
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(ttls.get(question.name()), "192.0.2.1"))) {
            run(dns, resolver -> {
                addresses(resolver, "short.test");
                addresses(resolver, "short.test");
                assertEquals(1, dns.count("A"));
                clock.advance(Duration.ofSeconds(6));
                settle();
                addresses(resolver, "short.test");
                assertEquals(2, dns.count("A"));

                addresses(resolver, "long.test");
                clock.advance(Duration.ofMinutes(9));
                settle();
                addresses(resolver, "long.test");
                assertEquals(3, dns.count("A"));
                clock.advance(Duration.ofMinutes(2));
                settle();
                addresses(resolver, "long.test");
                assertEquals(4, dns.count("A"));
            });
        }
    }

    @Test
    void noSuchNameIsRememberedForASecond() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.noSuchName())) {
            run(dns, resolver -> {
                ResolveException unknown =
                        assertThrows(ResolveException.class, () -> addresses(resolver, "none.test."));
                assertTrue(unknown.getMessage().startsWith("cannot resolve none.test.: "), unknown.getMessage());
                assertFalse(unknown.isTemporary());
                int asked = dns.asked.size();
                assertThrows(ResolveException.class, () -> addresses(resolver, "none.test."));
                assertEquals(asked, dns.asked.size());
                clock.advance(Duration.ofSeconds(2));
                Asyncio.sleep(0).await();
                assertThrows(ResolveException.class, () -> addresses(resolver, "none.test."));
                assertTrue(dns.asked.size() > asked);
            });
        }
    }

    @Test
    void silenceIsTemporary() {
        try (ScriptedDns dns = new ScriptedDns(question -> null)) {
            run(() -> {
                Resolver resolver =
                        asking(dns).queryTimeout(Duration.ofMillis(20)).build();
                ResolveException silent = assertThrows(ResolveException.class, () -> addresses(resolver, "host.test."));
                assertTrue(silent.isTemporary(), silent::toString);
            });
        }
    }

    @Test
    void aNameServersOwnFailureIsTemporary() {
        try (ScriptedDns dns = new ScriptedDns(question -> new Answer(Answer.SERVER_FAILURE, 0, List.of()))) {
            run(dns, resolver -> {
                ResolveException failed = assertThrows(ResolveException.class, () -> addresses(resolver, "host.test."));
                assertTrue(failed.isTemporary(), failed::toString);
            });
        }
    }

    /** RFC 6761. */
    @Test
    void someNamesAreKnownWithoutANameServer() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.noSuchName())) {
            run(dns, resolver -> {
                assertEquals(List.of("127.0.0.1"), addresses(resolver, "some.localhost"));
                assertTrue(addresses(resolver, "LOCALHOST").contains("127.0.0.1"));
                assertFalse(assertThrows(ResolveException.class, () -> addresses(resolver, "host.invalid"))
                        .isTemporary());
            });
            run(() -> {
                Resolver both = DnsResolver.builder().nameServers(dns.address()).build();
                assertEquals(List.of("127.0.0.1", "0:0:0:0:0:0:0:1"), addresses(both, "some.localhost"));
            });
            assertEquals(List.of(), dns.asked);
        }
    }

    @Test
    void theNextNameServerIsAskedWhenOneIsSilent() {
        try (ScriptedDns silent = new ScriptedDns(question -> null);
                ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            run(() -> {
                Resolver resolver = DnsResolver.builder()
                        .nameServers(silent.address(), dns.address())
                        .family(Family.IPV4)
                        .queryTimeout(Duration.ofMillis(20))
                        .build();
                assertEquals(List.of("192.0.2.1"), addresses(resolver, "host.test"));
                assertEquals(1, silent.asked.size());
            });
        }
    }

    @Test
    void aNameIsAskedForOnceAndNobodyWhoLeavesCancelsIt() {
        CountDownLatch hold = new CountDownLatch(1);
        try (ScriptedDns dns = new ScriptedDns(question -> {
            awaitQuietly(hold);
            return Answer.of(60, "192.0.2.1");
        })) {
            run(dns, resolver -> {
                List<Task<List<String>>> waiting = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    waiting.add(Asyncio.createTask(() -> addresses(resolver, "host.test")));
                }
                while (dns.asked.isEmpty()) {
                    Asyncio.sleep(0).await();
                }
                waiting.removeFirst().cancel();
                Task<List<String>> late = waiting.removeLast();
                late.cancel();
                assertThrows(CancelledError.class, late::await);
                waiting.add(Asyncio.createTask(() -> addresses(resolver, "host.test")));
                Asyncio.sleep(0).await();
                hold.countDown();
                waiting.forEach(task -> assertEquals(List.of("192.0.2.1"), task.await()));
                assertEquals(1, dns.asked.size());
            });
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bothFamiliesAreAskedForWhereTheOptionsSaySo() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1", "2001:db8::1"))) {
            run(() -> {
                Resolver six = asking(dns).family(Family.IPV6).build();
                assertEquals(List.of("2001:db8:0:0:0:0:0:1"), addresses(six, "host.test"));
                Resolver four = asking(dns).family(Family.IPV4).build();
                assertEquals(List.of("192.0.2.1"), addresses(four, "host.test"));
                assertEquals(1, dns.count("AAAA"));
                assertEquals(1, dns.count("A"));
            });
        }
    }

    private static Resolver both(ScriptedDns dns) {
        return DnsResolver.builder()
                .nameServers(dns.address())
                .queryTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** Only machines with an IPv6 address ask for one. */
    private static void assumeIpv6(ScriptedDns dns) {
        assumeTrue(dns.count("AAAA") > 0, "no IPv6 here");
    }

    /** RFC 8305 section 3. */
    @Test
    void aNameServerThatIsSilentAboutIpv6HoldsNobodyUp() {
        try (ScriptedDns dns =
                new ScriptedDns(question -> question.type().equals("A") ? Answer.of(60, "192.0.2.1") : null)) {
            run(() -> {
                long before = System.nanoTime();
                assertEquals(List.of("192.0.2.1"), addresses(both(dns), "host.test"));
                assertTrue(System.nanoTime() - before < Duration.ofSeconds(15).toNanos());
                assumeIpv6(dns);
            });
        }
    }

    @Test
    void bothKindsOfAddressesThoseOfIpv6First() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1", "2001:db8::1"))) {
            run(() -> {
                List<String> found = addresses(both(dns), "host.test");
                assumeIpv6(dns);
                assertEquals(List.of("2001:db8:0:0:0:0:0:1", "192.0.2.1"), found);
            });
        }
    }

    @Test
    void oneKindOfAddressesIsEnough() {
        for (String only : List.of("A", "AAAA")) {
            try (ScriptedDns dns = new ScriptedDns(question ->
                    question.type().equals(only) ? Answer.of(60, "192.0.2.1", "2001:db8::1") : Answer.of(60))) {
                run(() -> {
                    Resolver resolver = both(dns);
                    if (only.equals("AAAA")) {
                        assumeTrue(hasIpv6(), "no IPv6 here");
                    }
                    assertEquals(1, addresses(resolver, "host.test").size());
                });
            }
        }
    }

    private static boolean hasIpv6() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.noSuchName())) {
            assertThrows(ResolveException.class, () -> addresses(both(dns), "host.test."));
            return dns.count("AAAA") > 0;
        }
    }

    @Test
    void asFarAsAskingAgainMayHelp() {
        try (ScriptedDns dns = new ScriptedDns(question ->
                question.type().equals("A") ? Answer.noSuchName() : new Answer(Answer.SERVER_FAILURE, 0, List.of()))) {
            run(() -> {
                ResolveException failed =
                        assertThrows(ResolveException.class, () -> addresses(both(dns), "host.test."));
                assumeIpv6(dns);
                assertTrue(failed.isTemporary());
            });
        }
    }

    @Test
    void pinnedNamesAreNotAskedFor() {
        InetAddress pinned = InetAddress.ofLiteral("192.0.2.7");
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            run(dns, resolver -> {
                Resolver pinning = resolver.pinning(Map.of("Pinned.test", List.of(pinned)));
                assertEquals(List.of("192.0.2.7"), addresses(pinning, "pinned.TEST"));
                assertEquals(0, dns.asked.size());
                assertEquals(List.of("192.0.2.1"), addresses(pinning, "other.test"));
                assertThrows(IllegalArgumentException.class, () -> resolver.pinning(Map.of("empty.test", List.of())));
            });
        }
    }

    @Test
    void whatIsKeptCanBeForgotten() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            run(dns, resolver -> {
                Resolver pinning = resolver.pinning(Map.of());
                addresses(resolver, "host.test");
                addresses(pinning, "host.test");
                assertEquals(1, dns.count("A"));
                resolver.clear();
                addresses(resolver, "host.test");
                assertEquals(2, dns.count("A"));
                pinning.clear();
                addresses(pinning, "host.test");
                assertEquals(3, dns.count("A"));
            });
        }
    }

    @Test
    void theHostsFileComesFirst() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            run(dns, resolver -> {
                assertEquals(List.of("127.0.0.1"), addresses(resolver, "localhost"));
                assertEquals(0, dns.asked.size());
            });
        }
    }

    @Test
    void everyLoopHasItsOwnCache() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "192.0.2.1"))) {
            Resolver shared = asking(dns).build();
            run(() -> addresses(shared, "host.test"));
            run(() -> addresses(shared, "host.test"));
            assertEquals(2, dns.count("A"));
        }
    }

    @Test
    void aConnectionIsDialedByName() {
        try (ScriptedDns dns = new ScriptedDns(question -> Answer.of(60, "127.0.0.1"))) {
            run(dns, resolver -> {
                Server server = Nets.serve(Nets::echo);
                ConnectOptions options =
                        ConnectOptions.builder().resolver(resolver).build();
                for (int i = 0; i < 3; i++) {
                    Streams.openConnection("host.test", server.port(), options)
                            .await()
                            .close();
                }
                assertEquals(1, dns.count("A"));
            });
        }
    }

    @Test
    void aLookUpUnderWayDoesNotOutliveItsLoop() {
        try (ScriptedDns dns = new ScriptedDns(question -> null)) {
            run(dns, resolver -> {
                Asyncio.createTask(() -> addresses(resolver, "host.test"));
                while (dns.asked.isEmpty()) {
                    Asyncio.sleep(0).await();
                }
            });
        }
    }
}
