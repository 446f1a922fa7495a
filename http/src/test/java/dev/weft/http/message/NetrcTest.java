package dev.weft.http.message;

import static dev.weft.loop.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.FakeServer.Answer;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which credentials of a netrc file go where, and how the file is read. */
@Timeout(30)
class NetrcTest {
    private static final String U_P = "Basic dTpw";
    private static final String D_Q = "Basic ZDpx";

    @TempDir
    Path directory;

    private final FakeServer server = new FakeServer(request -> Answer.of(200));

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("netrc"), text);
    }

    /** What goes to a URL of a call that began at another. */
    private String sent(Auth auth, String first, String now) {
        assertTrue(auth.appliesTo(HttpUrl.parse(first), HttpUrl.parse(now)));
        ClientRequest request =
                ClientRequest.of("GET", HttpUrl.parse(now)).with(Options.AUTH_SCOPE, HttpUrl.parse(first));
        auth.handle(request, server).close();
        return server.credentials().getLast();
    }

    @Test
    void machinesAtEveryHopTheDefaultOnlyAtTheFirst() throws Exception {
        Auth auth = Auth.netrc(file("machine h login u password p\nmachine none\ndefault login d password q"));
        Asyncio.run(() -> {
            assertEquals(U_P, sent(auth, "http://h/", "http://h/"));
            assertEquals(U_P, sent(auth, "http://first/", "https://h:8443/x"));
            assertEquals(D_Q, sent(auth, "http://first/", "http://first/b"));
            assertEquals("-", sent(auth, "http://first/", "http://other/"));
            assertEquals("-", sent(auth, "http://first/", "http://first:81/"));
            assertEquals("-", sent(auth, "http://h/", "http://sub.h/"));
            assertEquals("-", sent(auth, "http://none/", "http://none/"), "an entry without credentials");
            auth.handle(ClientRequest.of("GET", HttpUrl.parse("http://first/")), server)
                    .close();
            assertEquals("-", server.credentials().getLast(), "nobody says that it is the first");
        });
    }

    @Test
    void aHeaderOfTheRequestWinsAndNothingIsRead() {
        Auth auth = Auth.netrc(directory.resolve("missing"));
        ClientRequest request =
                ClientRequest.of("GET", HttpUrl.parse("http://h/")).withHeader("Authorization", "own");
        auth.handle(request, server).close();
        assertEquals(List.of("own"), server.credentials());
    }

    @Test
    void readOnceAndAgainWhenAsked() throws Exception {
        Netrc auth = Auth.netrc(file("machine h login u password p"));
        Asyncio.run(() -> {
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tasks.add(createTask(() -> sent(auth, "http://h/", "http://h/")));
            }
            assertEquals(
                    List.of(U_P),
                    Asyncio.gather(tasks).await().stream().distinct().toList());
            file("machine h login d password q");
            assertEquals(U_P, sent(auth, "http://h/", "http://h/"));
            auth.refresh();
            assertEquals(D_Q, sent(auth, "http://h/", "http://h/"));
            Files.delete(auth.file());
            assertEquals(D_Q, sent(auth, "http://h/", "http://h/"));
        });
    }

    @Test
    void theUsersOwnFile() throws Exception {
        Path named = file("machine h login u password p");
        String home = Files.createDirectory(directory.resolve("home")).toString();
        Files.writeString(Path.of(home, ".netrc"), "machine h login d password q");
        Map<String, String> environment = Map.of("NETRC", named.toString());
        Asyncio.run(() -> {
            assertEquals(U_P, sent(Netrc.ofUser(environment, home, "Linux"), "http://h/", "http://h/"));
            assertEquals(D_Q, sent(Netrc.ofUser(Map.of(), home, "Linux"), "http://h/", "http://h/"));
            assertEquals(D_Q, sent(Netrc.ofUser(Map.of("NETRC", ""), home, "Linux"), "http://h/", "http://h/"));
            assertEquals(
                    "-", sent(Netrc.ofUser(Map.of("NETRC", home + "/none"), home, "Linux"), "http://h/", "http://h/"));
            assertEquals("-", sent(Netrc.ofUser(Map.of(), home, "Windows 11"), "http://h/", "http://h/"));
        });
        assertEquals(
                Path.of(home, "_netrc"),
                Netrc.ofUser(Map.of(), home, "Windows 11").file());
    }

    private NetrcException failure(Netrc auth) {
        return Asyncio.run(() -> assertThrows(NetrcException.class, () -> sent(auth, "http://h/", "http://h/")));
    }

    @Test
    void whatCannotBeReadSaysWhy() throws Exception {
        Path missing = directory.resolve("missing");
        NetrcException e = failure(Auth.netrc(missing));
        assertEquals("netrc file " + missing + ": there is no such file", e.getMessage());
        assertEquals(missing, e.file());
        assertTrue(failure(Auth.netrc(directory)).getMessage().contains("cannot be read"));
        // A directory where the user's own file would be is not the same as none.
        Files.createDirectory(directory.resolve(".netrc"));
        assertTrue(failure(Netrc.ofUser(Map.of(), directory.toString(), "Linux"))
                .getMessage()
                .contains("cannot be read"));

        Path broken = file("machine h\nlogin u\npassword my secret");
        String message = failure(Auth.netrc(broken)).getMessage();
        assertTrue(message.startsWith("netrc file " + broken + ": line 3: the word"), message);
        assertFalse(message.contains("secret"), message);

        Files.write(broken, new byte[] {'m', (byte) 0xe9});
        assertTrue(failure(Auth.netrc(broken)).getMessage().contains("not UTF-8"));
        Files.write(broken, new byte[(1 << 20) + 1]);
        assertTrue(failure(Auth.netrc(broken)).getMessage().contains("more than 1048576 bytes"));
        assertEquals(0, server.requests.size(), "nothing was sent");
    }

    @Test
    void aFailureIsNotKept() throws Exception {
        Netrc auth = Auth.netrc(file("nonsense"));
        failure(auth);
        file("machine h login u password p");
        Asyncio.run(() -> assertEquals(U_P, sent(auth, "http://h/", "http://h/")));
    }
}
