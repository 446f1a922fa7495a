package dev.weft.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A real web server that is not ours: Debian's nginx on a port of 127.0.0.1, serving one directory; below
 * {@code /slow/} the same, at 4 MiB a second per connection.
 */
final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it; the test is skipped, saying so, where nginx is not installed. */
    static Nginx serving(Path site, Path work) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            System.out.println("SKIPPED: nginx is not installed (apt-get install nginx-light)");
        }
        assumeTrue(Files.isExecutable(PROGRAM), "nginx is not installed (apt-get install nginx-light)");
        int port = freePort();
        Path config = Files.writeString(work.resolve("nginx.conf"), """
                daemon off;
                %s
                master_process off;
                pid %2$s/nginx.pid;
                error_log %2$s/error.log;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  gzip on;
                  gzip_types text/plain;
                  server {
                    listen 127.0.0.1:%3$d;
                    root %4$s;
                    location /slow/ { alias %4$s/; limit_rate 4m; }
                  }
                }
                """.formatted("", work, port, site));
        Process process = new ProcessBuilder(PROGRAM.toString(), "-c", config.toString(), "-p", work.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("nginx.out").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        nginx.awaitListening(work);
        return nginx;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening(Path work) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(
                            "nginx did not start: " + Files.readString(work.resolve("nginx.out")), notYet);
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
