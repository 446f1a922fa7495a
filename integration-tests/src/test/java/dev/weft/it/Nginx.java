package dev.weft.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real web server that is not ours: Debian's nginx on a port of 127.0.0.1, serving one directory; below
 * {@code /slow/} the same, at 4 MiB a second per connection.
 */
final class Nginx implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private Nginx(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it; the test is skipped, saying so, where nginx is not installed. */
    static Nginx serving(Path site, Path work) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        ServerProcess process = start(work, port, "master_process off;", """
                access_log off;
                gzip on;
                gzip_types text/plain;
                server {
                  listen 127.0.0.1:%1$d;
                  root %2$s;
                  location /slow/ { alias %2$s/; limit_rate 4m; }
                }
                """.formatted(port, site));
        return new Nginx(process, port);
    }

    /**
     * Starts one with another configuration.
     *
     * @param port that it listens on, among others perhaps
     * @param main what stands at the top of its configuration
     * @param http what stands in its block {@code http}
     */
    static ServerProcess start(Path work, int port, String main, String http) throws IOException, InterruptedException {
        Path program = ServerProcess.installed("nginx", "nginx-light");
        Path config = Files.writeString(work.resolve("nginx.conf"), """
                daemon off;
                %1$s
                pid %2$s/nginx.pid;
                error_log %2$s/error.log;
                events { worker_connections 1024; }
                http {
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  %3$s
                }
                """.formatted(main, work, http));
        return ServerProcess.start(work, port, program.toString(), "-c", config.toString(), "-p", work.toString());
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
