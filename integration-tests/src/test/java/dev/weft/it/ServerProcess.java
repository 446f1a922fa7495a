package dev.weft.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is not ours, as a process of its own, listening on a port of 127.0.0.1. */
final class ServerProcess implements AutoCloseable {
    private static final List<String> PLACES = List.of("/usr/bin/", "/usr/sbin/");

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /**
     * Where a program is; the test is skipped, saying so, where it is not installed.
     *
     * @param debian the package that has it
     */
    static Path installed(String name, String debian) {
        for (String place : PLACES) {
            if (Files.isExecutable(Path.of(place + name))) {
                return Path.of(place + name);
            }
        }
        String why = name + " is not installed (apt-get install " + debian + ")";
        System.out.println("SKIPPED: " + why);
        assumeTrue(false, why);
        throw new AssertionError();
    }

    /** A port that nobody listens on now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param work where what it prints is kept
     */
    static ServerProcess start(Path work, int port, String... command) throws IOException, InterruptedException {
        Path printed = work.resolve(port + ".out");
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        ServerProcess server = new ServerProcess(process);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return server;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    server.close();
                    throw new IOException(command[0] + " did not start: " + Files.readString(printed), notYet);
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** @param name of the signal, {@code HUP} for example */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Lets it end what it has begun. */
    void quit() throws IOException, InterruptedException {
        signal("QUIT");
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("it does not end");
        }
    }

    /** Ends it, and the processes that it has made: some would go on without it. */
    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> own = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        own.forEach(ProcessHandle::destroyForcibly);
    }
}
