package dev.weft.it;

import dev.weft.http.message.Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Proxies that are not ours, as Debian has them: each leads anywhere, from this machine. */
enum ForeignProxy {
    /** By {@code CONNECT}. */
    SQUID("squid", "squid") {
        @Override
        List<String> command(Path program, Path work, int port) throws IOException {
            Path config = Files.writeString(work.resolve("squid.conf"), """
                    http_port 127.0.0.1:%1$d
                    http_access allow localhost
                    http_access deny all
                    cache deny all
                    cache_mem 8 MB
                    access_log none
                    cache_log /dev/null
                    pid_filename none
                    netdb_filename none
                    pinger_enable off
                    shutdown_lifetime 0 seconds
                    coredump_dir %2$s
                    """.formatted(port, work));
            return List.of(program.toString(), "-N", "-f", config.toString());
        }
    },

    /** By {@code CONNECT}. */
    TINYPROXY("tinyproxy", "tinyproxy-bin") {
        @Override
        List<String> command(Path program, Path work, int port) throws IOException {
            Path config = Files.writeString(work.resolve("tinyproxy.conf"), """
                    Port %d
                    Listen 127.0.0.1
                    Allow 127.0.0.1
                    Timeout 60
                    MaxClients 100
                    LogLevel Error
                    """.formatted(port));
            return List.of(program.toString(), "-d", "-c", config.toString());
        }
    },

    /** By SOCKS5. */
    DANTE("danted", "dante-server") {
        @Override
        List<String> command(Path program, Path work, int port) throws IOException {
            Path config = Files.writeString(
                    work.resolve("danted.conf"), """
                    errorlog: stderr
                    internal: 127.0.0.1 port = %1$d
                    external: 127.0.0.1
                    clientmethod: none
                    socksmethod: none
                    user.privileged: %2$s
                    user.unprivileged: %2$s
                    client pass { from: 127.0.0.1/32 to: 0.0.0.0/0 }
                    socks pass { from: 127.0.0.1/32 to: 0.0.0.0/0 }
                    """.formatted(port, System.getProperty("user.name")));
            return List.of(
                    program.toString(),
                    "-f",
                    config.toString(),
                    "-p",
                    work.resolve("danted.pid").toString());
        }

        @Override
        Proxy at(int port) {
            return Proxy.socks("127.0.0.1", port);
        }
    };

    private final String program;
    private final String debian;

    ForeignProxy(String program, String debian) {
        this.program = program;
        this.debian = debian;
    }

    abstract List<String> command(Path program, Path work, int port) throws IOException;

    Proxy at(int port) {
        return Proxy.http("127.0.0.1", port);
    }

    /** Starts it; the test is skipped, saying so, where it is not installed. */
    Running start(Path work) throws IOException, InterruptedException {
        Path installed = ServerProcess.installed(program, debian);
        int port = ServerProcess.freePort();
        String[] command = command(installed, work, port).toArray(String[]::new);
        return new Running(at(port), ServerProcess.start(work, port, command));
    }

    /** One that runs. */
    record Running(Proxy proxy, ServerProcess process) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            process.close();
        }
    }
}
