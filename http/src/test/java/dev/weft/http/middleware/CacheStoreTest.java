package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both stores: what they keep, what they evict; and what becomes of damaged files. */
class CacheStoreTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Instant now = START;

    private CacheStore disk(long maxBytes) {
        return new DiskStore(directory.resolve("cache"), maxBytes, () -> now);
    }

    private static CacheEntry entry(String key, int variant, byte[] body) {
        Headers headers = Headers.builder()
                .add("ETag", "\"a\"")
                .add("X-A", "1")
                .add("x-a", "\u00e4")
                .build();
        return new CacheEntry(
                key,
                String.format("%032x", variant),
                List.of("accept", "x-a"),
                new ResponseHead(203, "Fine", "HTTP/1.0", headers),
                START,
                START.plusMillis(1500),
                body);
    }

    private static CacheEntry entry(String key, int bytes) {
        return entry(key, 0, new byte[bytes]);
    }

    private static void assertSame(CacheEntry expected, CacheEntry actual) {
        assertNotNull(actual);
        assertEquals(
                expected.withBody(new byte[0]).toString().replaceAll("\\[B@.*", ""),
                actual.withBody(new byte[0]).toString().replaceAll("\\[B@.*", ""));
        assertEquals(expected.head(), actual.head());
        assertArrayEquals(expected.body(), actual.body());
    }

    private void onBoth(long maxBytes, java.util.function.Consumer<CacheStore> test) {
        Asyncio.run(() -> {
            for (CacheStore store : List.of(CacheStore.memory(maxBytes), disk(maxBytes))) {
                now = START;
                test.accept(store);
            }
        });
    }

    @Test
    void whatWasPutIsFound() {
        byte[] body = new byte[100_000];
        new Random(1).nextBytes(body);
        onBoth(1 << 20, store -> {
            CacheEntry one = entry("http://h/1", 1, body);
            CacheEntry other = entry("http://h/1", 2, new byte[0]);
            store.put(one);
            store.put(other);
            store.put(entry("http://h/2", 1, new byte[5]));
            assertSame(one, store.find("http://h/1", found -> found.variant().endsWith("1")));
            assertSame(other, store.find("http://h/1", found -> found.variant().endsWith("2")));
            assertNull(store.find("http://h/1", found -> false));
            assertNull(store.find("http://h/3", found -> true));
            assertEquals(3, store.usage().entries());

            store.put(one.withBody(new byte[7]));
            assertEquals(
                    7,
                    store.find("http://h/1", found -> found.variant().endsWith("1"))
                            .body()
                            .length);
            assertEquals(3, store.usage().entries());

            store.remove("http://h/1");
            assertNull(store.find("http://h/1", found -> true));
            assertEquals(1, store.usage().entries());
            store.clear();
            assertEquals(new CacheStore.Usage(0, 0), store.usage());
        });
    }

    @Test
    void ofSeveralTheLastReceivedIsFound() {
        onBoth(1 << 20, store -> {
            CacheEntry old = entry("http://h/1", 1, new byte[1]);
            store.put(new CacheEntry(
                    old.key(),
                    String.format("%032x", 9),
                    old.vary(),
                    old.head(),
                    START,
                    START.plusSeconds(9),
                    new byte[9]));
            store.put(old);
            assertEquals(9, store.find("http://h/1", found -> true).body().length);
        });
    }

    @Test
    void whatWasNotUsedForLongestGoes() {
        onBoth(100_000, store -> {
            for (int i = 0; i < 4; i++) {
                now = now.plusSeconds(1);
                store.put(entry("http://h/" + i, 22_000));
            }
            assertEquals(4, store.usage().entries());
            now = now.plusSeconds(1);
            assertNotNull(store.find("http://h/0", found -> true));
            now = now.plusSeconds(1);
            store.put(entry("http://h/4", 22_000));
            assertNotNull(store.find("http://h/0", found -> true), "it was used");
            assertNull(store.find("http://h/1", found -> true));
            assertNotNull(store.find("http://h/4", found -> true));
            assertTrue(store.usage().bytes() <= 100_000, () -> store.usage().toString());

            store.put(entry("http://h/5", 100_001));
            assertNull(store.find("http://h/5", found -> true), "larger than the store");
            store.put(entry("http://h/6", 97_000));
            assertNotNull(store.find("http://h/6", found -> true));
            assertEquals(1, store.usage().entries());
        });
    }

    @Test
    void aMemoryStoreNeverGrowsBeyondItsLimit() {
        CacheStore store = CacheStore.memory(50_000);
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            store.put(entry("http://h/" + random.nextInt(60), random.nextInt(3), new byte[random.nextInt(9000)]));
            if (i % 7 == 0) {
                store.remove("http://h/" + random.nextInt(60));
            }
            assertTrue(store.usage().bytes() <= 50_000);
        }
        for (int i = 0; i < 60; i++) {
            store.remove("http://h/" + i);
        }
        assertEquals(new CacheStore.Usage(0, 0), store.usage());
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    /** Cut anywhere, with any bit turned over, with something behind it: never an entry that is not the one stored, and no exception. */
    @Test
    void damagedFilesAreNotThereAndGo() throws Exception {
        CacheEntry stored = entry("http://h/1", 1, "the body of it".getBytes(StandardCharsets.US_ASCII));
        byte[] whole = EntryFile.write(stored);
        assertSame(stored, EntryFile.read(whole));
        List<byte[]> damaged = new ArrayList<>();
        for (int i = 0; i < whole.length; i++) {
            damaged.add(java.util.Arrays.copyOf(whole, i));
            byte[] turned = whole.clone();
            turned[i] ^= 1;
            damaged.add(turned);
        }
        damaged.add(java.util.Arrays.copyOf(whole, whole.length + 1));
        damaged.add("weft-cache 1 9999999999 9999999999 0\n".getBytes(StandardCharsets.US_ASCII));
        for (byte[] file : damaged) {
            assertNull(EntryFile.read(file), () -> new String(file, StandardCharsets.ISO_8859_1));
        }

        Asyncio.run(() -> {
            CacheStore store = disk(1 << 20);
            store.put(stored);
            Path file = files(".entry").getFirst();
            Files.write(file, damaged.get(damaged.size() / 2));
            assertNull(store.find("http://h/1", found -> true));
            assertEquals(List.of(), files(".entry"));
            store.put(stored);
            assertSame(stored, store.find("http://h/1", found -> true));
        });
    }

    /** What is sound by its sum, but holds what no entry may. */
    @Test
    void aWellSummedFileWithBadContentIsDamagedToo() {
        CacheEntry stored = entry("http://h/1", 1, new byte[3]);
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                json -> json.replace("\"variant\"", "\"varient\""),
                json -> json.replace("ETag", "E Tag"),
                json -> json.replace(START.toString(), "yesterday"),
                json -> json.replace("00001\"", "0000x\""),
                json -> "[]" + " ".repeat(json.length() - 2),
                json -> json.substring(1) + " ")) {
            assertNull(EntryFile.read(resummed(EntryFile.write(stored), change)));
        }
        assertNotNull(EntryFile.read(resummed(EntryFile.write(stored), json -> json)));
    }

    private static byte[] resummed(byte[] file, UnaryOperator<String> change) {
        String text = new String(file, StandardCharsets.UTF_8);
        int line = text.indexOf('\n') + 1;
        String json = change.apply(text.substring(line, text.length() - 3));
        byte[] rest = (json + "\0\0\0").getBytes(StandardCharsets.UTF_8);
        java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
        sum.update(rest);
        String head = "weft-cache 1 " + (rest.length - 3) + " 3 " + Long.toHexString(sum.getValue()) + "\n";
        byte[] all = java.util.Arrays.copyOf(head.getBytes(StandardCharsets.UTF_8), head.length() + rest.length);
        System.arraycopy(rest, 0, all, head.length(), rest.length);
        return all;
    }

    @Test
    void anotherProcessSeesTheEntriesAndMayRemoveThem() throws Exception {
        Asyncio.run(() -> {
            CacheStore one = disk(1 << 20);
            CacheStore other = disk(1 << 20);
            one.put(entry("http://h/1", 10));
            assertNotNull(other.find("http://h/1", found -> true));
            other.remove("http://h/1");
            assertNull(one.find("http://h/1", found -> true));
            one.remove("http://h/1");
        });
    }

    /** Two stores on one directory, each of which thinks that it is alone, stay within the limit. */
    @Test
    void twoWritersStayWithinTheLimit() throws Exception {
        Asyncio.run(() -> {
            CacheStore one = disk(100_000);
            CacheStore other = disk(100_000);
            List<String> gone = new ArrayList<>();
            Asyncio.gather(List.of(one, other), store -> {
                        for (int i = 0; i < 60; i++) {
                            store.put(entry("http://h/" + i % 40, 9000));
                            CacheEntry found = store.find("http://h/" + (i + 7) % 40, any -> true);
                            if (found != null && found.body().length != 9000) {
                                gone.add(found.key());
                            }
                        }
                        return null;
                    })
                    .await();
            assertEquals(List.of(), gone);
            // Each counts what it wrote itself, so together they may have once more than the limit before they look.
            assertTrue(one.usage().bytes() <= 200_000, () -> one.usage().toString());
            one.put(entry("http://h/last", 90_000));
            assertTrue(one.usage().bytes() <= 200_000);
            assertEquals(List.of(), files(".tmp"));
        });
    }

    @Test
    void whatAProcessLeftUnfinishedGoesAfterAnHour() throws Exception {
        Asyncio.run(() -> {
            CacheStore store = disk(100_000);
            store.put(entry("http://h/1", 10));
            Path entry = files(".entry").getFirst();
            String name = entry.getFileName().toString().replace(".entry", "");
            Path old = entry.resolveSibling(name + ".1.tmp");
            Path young = entry.resolveSibling(name + ".2.tmp");
            Path foreign = entry.resolveSibling("notes.tmp");
            for (Path file : List.of(old, young, foreign)) {
                Files.writeString(file, "x");
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
            now = now.plus(Duration.ofMinutes(61));
            Files.setLastModifiedTime(young, FileTime.from(now));
            assertEquals(1, store.usage().entries());
            assertEquals(
                    List.of(foreign, young).stream().sorted().toList(),
                    files(".tmp").stream().sorted().toList());
        });
    }

    @Test
    void theDirectoryIsItsOwnersAlone() throws Exception {
        Asyncio.run(() -> {
            disk(100_000).put(entry("http://h/1", 10));
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("cache"))));
        });
    }

    @Test
    void aDirectoryThatCannotBeWrittenFails() throws Exception {
        Files.writeString(directory.resolve("cache"), "a file");
        Asyncio.run(() -> {
            CacheStore store = disk(100_000);
            assertNull(store.find("http://h/1", found -> true));
            assertThrows(RuntimeException.class, () -> store.put(entry("http://h/1", 10)));
        });
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> CacheStore.memory(0));
        assertThrows(IllegalArgumentException.class, () -> CacheStore.disk(directory, -1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Cache.builder(CacheStore.memory(1)).maxEntrySize(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Cache.builder(CacheStore.memory(1)).staleIfError(Duration.ofSeconds(-1)));
        for (String variant : List.of("", "../../../../../../../../tmp/evil123", "G".repeat(32))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new CacheEntry(
                            "k",
                            variant,
                            List.of(),
                            new ResponseHead(200, "", "", Headers.empty()),
                            START,
                            START,
                            new byte[0]));
        }
    }

    /** The cache on disk, from one run of a program to the next. */
    @Test
    void aCacheOnDiskOutlivesTheProgram() throws Exception {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        for (Cache.Status expected : List.of(Cache.Status.MISS, Cache.Status.HIT)) {
            Asyncio.run(() -> {
                Cache cache = Cache.disk(directory.resolve("cache"), 1 << 20);
                var response = cache.handle(Origin.get("http://h/"), origin);
                assertEquals(expected, Cache.status(response));
                assertEquals("hello", Origin.read(response));
                assertEquals(1, cache.usage().await().entries());
            });
        }
        assertEquals(1, origin.requests.size());
    }

    /** Nothing of the request is on the disk: no cookie, no credentials. */
    @Test
    void secretsOfTheRequestAreNotStored() throws Exception {
        Origin origin = Origin.answering(
                200, "hello", "Cache-Control", "max-age=60", "Vary", "Cookie", "Set-Cookie", "s=SECRET");
        Asyncio.run(() -> {
            Cache cache = Cache.disk(directory.resolve("cache"), 1 << 20);
            Origin.read(cache.handle(
                    Origin.get("http://u:SECRET@h/", "Cookie", "SECRET", "Authorization", "Bearer SECRET"), origin));
            String file = Files.readString(files(".entry").getFirst());
            assertTrue(file.contains("hello") && !file.contains("SECRET"), file);
        });
    }
}
