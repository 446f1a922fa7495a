package dev.weft.it;

import dev.weft.http.ClientSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Servers of HTTP/2 that are not ours, as Debian has them: each serves a directory by TLS, and in the clear to who knows that it speaks
 * HTTP/2.
 */
enum Http2Server {
    /** By {@code PUT}, it keeps what it is given. */
    NGINX("nginx", "nginx-light") {
        @Override
        List<ServerProcess> start(Path work, Path site, Keys keys, int tls, int plain) throws Exception {
            return List.of(Nginx.start(
                    work, tls, "master_process off;", """
                    access_log off;
                    client_max_body_size 0;
                    server {
                      listen 127.0.0.1:%d ssl http2;
                      listen 127.0.0.1:%d http2;
                      ssl_certificate %s;
                      ssl_certificate_key %s;
                      root %s;
                      location /uploads/ { dav_methods PUT; }
                    }
                    """.formatted(tls, plain, keys.certificate(), keys.key(), site)));
        }
    },

    /** It gives back what it is given. */
    NGHTTPD("nghttpd", "nghttp2-server") {
        @Override
        List<ServerProcess> start(Path work, Path site, Keys keys, int tls, int plain) throws Exception {
            String program = installed().toString();
            String directory = "-d" + site;
            String key = keys.key().toString();
            String certificate = keys.certificate().toString();
            String port = Integer.toString(tls);
            String plainPort = Integer.toString(plain);
            return List.of(
                    ServerProcess.start(
                            work, tls, program, "-a127.0.0.1", directory, "--echo-upload", port, key, certificate),
                    ServerProcess.start(
                            work, plain, program, "-a127.0.0.1", directory, "--echo-upload", "--no-tls", plainPort));
        }
    },

    /** By {@code PUT}, it keeps what it is given. */
    APACHE("apache2", "apache2-bin") {
        @Override
        List<ServerProcess> start(Path work, Path site, Keys keys, int tls, int plain) throws Exception {
            Path config = Files.writeString(work.resolve("apache.conf"), """
                    LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                    LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                    LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
                    LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
                    LoadModule dav_module /usr/lib/apache2/modules/mod_dav.so
                    LoadModule dav_fs_module /usr/lib/apache2/modules/mod_dav_fs.so
                    ServerName localhost
                    ServerRoot %1$s
                    PidFile %1$s/apache.pid
                    ErrorLog %1$s/error.log
                    DefaultRuntimeDir %1$s
                    User www-data
                    Group www-data
                    Listen 127.0.0.1:%4$d
                    Listen 127.0.0.1:%5$d
                    Protocols h2 h2c http/1.1
                    DavLockDB %2$s/uploads/.lock
                    DocumentRoot %2$s
                    <Directory %2$s>
                      Require all granted
                    </Directory>
                    <Directory %2$s/uploads>
                      Dav On
                    </Directory>
                    <VirtualHost *:%4$d>
                      SSLEngine on
                      SSLCertificateFile %3$s/certificate.pem
                      SSLCertificateKeyFile %3$s/key.pem
                    </VirtualHost>
                    """.formatted(
                            work, site, keys.key().getParent(), tls, plain));
            return List.of(
                    ServerProcess.start(work, tls, installed().toString(), "-f", config.toString(), "-DFOREGROUND"));
        }
    },

    /** It gives back what it is given. */
    H2O("h2o", "h2o") {
        @Override
        List<ServerProcess> start(Path work, Path site, Keys keys, int tls, int plain) throws Exception {
            Path config = Files.writeString(
                    work.resolve("h2o.conf"), """
                    listen:
                      host: 127.0.0.1
                      port: %1$d
                      ssl:
                        certificate-file: %3$s
                        key-file: %4$s
                    listen:
                      host: 127.0.0.1
                      port: %2$d
                    error-log: %5$s/error.log
                    hosts:
                      default:
                        paths:
                          "/uploads":
                            mruby.handler: |
                              Proc.new do |env|
                                [200, {}, [env["rack.input"].read]]
                              end
                          "/":
                            file.dir: %6$s
                    """.formatted(tls, plain, keys.certificate(), keys.key(), work, site));
            return List.of(ServerProcess.start(work, tls, installed().toString(), "-c", config.toString()));
        }
    };

    private final String program;
    private final String debian;

    Http2Server(String program, String debian) {
        this.program = program;
        this.debian = debian;
    }

    abstract List<ServerProcess> start(Path work, Path site, Keys keys, int tls, int plain) throws Exception;

    Path installed() {
        return ServerProcess.installed(program, debian);
    }

    /** Whether what is sent to {@code /uploads/} is kept as a file of the site; else it is the answer. */
    boolean keepsUploads() {
        return this == NGINX || this == APACHE;
    }

    /**
     * Starts it; the test is skipped, saying so, where it is not installed.
     *
     * @param site may be read by all; has a directory {@code uploads} that all may write to
     */
    Running start(Path work, Path site, Keys keys) throws Exception {
        installed();
        int tls = ServerProcess.freePort();
        int plain = ServerProcess.freePort();
        return new Running(this, site, start(work, site, keys, tls, plain), tls, plain);
    }

    /** One that runs. */
    record Running(Http2Server kind, Path site, List<ServerProcess> processes, int tls, int plain)
            implements AutoCloseable {
        String url(String path) {
            return "https://127.0.0.1:" + tls + path;
        }

        /** The same in the clear. */
        String plainUrl(String path) {
            return "http://127.0.0.1:" + plain + path;
        }

        /** Sends something, and gives what the server has of it. */
        byte[] upload(ClientSession session, String base, byte[] content) throws IOException {
            if (!kind.keepsUploads()) {
                return session.post(base + "/uploads/")
                        .body(content)
                        .raiseForStatus(true)
                        .bytes()
                        .await();
            }
            String name = kind + "-" + System.nanoTime();
            session.put(base + "/uploads/" + name)
                    .body(content)
                    .raiseForStatus(true)
                    .bytes()
                    .await();
            return Files.readAllBytes(site.resolve("uploads").resolve(name));
        }

        @Override
        public void close() throws InterruptedException {
            for (ServerProcess process : processes) {
                process.close();
            }
        }
    }
}
