package dev.weft.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The run from which the build makes the ahead-of-time cache: uses fetch in all the ways that are common, so that the JVM sees the
 * classes. Arguments: a directory for the files; a key with its certificate (PKCS#12), and the password of that file. Fails if fetch does.
 */
final class Training {
    private static final DemoSite.Plan PLAN = new DemoSite.Plan(40, 2, 1 << 20, 200);
    private static final long SEED = 1;

    private Training() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        try (DemoSite site = new DemoSite(PLAN, SEED)) {
            List<String> urls = site.pages().stream().map(site::url).toList();
            Path list = directory.resolve("list");
            Files.write(list, urls);
            expect(ExitCode.DONE, fetch("--help"));
            expect(ExitCode.DONE, fetch("-d", directory.toString(), urls.getFirst()));
            expect(
                    ExitCode.DONE,
                    fetch("-d", directory.toString(), "-i", list.toString(), "-j", "8", "--progress", "bars"));
            expect(ExitCode.DONE, fetch("-d", directory.toString(), "-i", list.toString(), "--json"));
            expect(ExitCode.DONE, fetch("--exists", "overwrite", "-d", directory.toString(), "-i", list.toString()));
            expect(
                    ExitCode.DONE,
                    fetch(
                            "-o",
                            "-",
                            urls.getLast() + "#sha256="
                                    + HexFormat.of()
                                            .formatHex(site.pages().getLast().digest())));
            String missing = urls.getFirst() + ".missing";
            expect(ExitCode.FAILED, fetch("-d", directory.toString(), missing, "--progress", "lines"));
            expect(ExitCode.FAILED, fetchOverTls(directory));
        }
        fetchOverHttp2(directory, Path.of(args[1]), args[2]);
        System.exit(0);
    }

    private static void fetchOverHttp2(Path directory, Path keys, String password) throws IOException {
        try (TrainingServer server = TrainingServer.start(keys, password)) {
            List<String> urls =
                    IntStream.range(0, 40).mapToObj(i -> server.url("h2-" + i)).toList();
            Path list = Files.write(directory.resolve("h2-list"), urls);
            expect(ExitCode.DONE, fetch("-k", "-d", directory.toString(), urls.getFirst()));
            expect(ExitCode.DONE, fetch("-k", "-d", directory.toString(), "-i", list.toString(), "--json"));
        }
    }

    /** From a server that hangs up in the handshake; until then, the client does what it always does. */
    private static int fetchOverTls(Path directory) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(server));
            return fetch("-r", "0", "-d", directory.toString(), "https://127.0.0.1:" + server.getLocalPort() + "/x");
        }
    }

    private static void hangUp(ServerSocket server) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    client.getInputStream().read(new byte[2048]);
                }
            }
        } catch (IOException e) {
            // The server was closed: that is the end.
        }
    }

    private static int fetch(String... args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return Main.run(Map.of(), args, nowhere, nowhere);
    }

    private static void expect(int code, int actual) {
        if (actual != code) {
            throw new IllegalStateException("exit code " + actual + " instead of " + code);
        }
    }
}
