"""The servers that clients ask: one nginx on one core, over files in memory, with a certificate of its own; and one that lets requests pend."""

import contextlib
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = """
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
pid {home}/pid;
error_log {home}/error.log;
events {{ worker_connections {files}; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100 inactive=1h;
    client_body_temp_path {home}/t1;
    proxy_temp_path {home}/t2;
    fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4;
    scgi_temp_path {home}/t5;
    ssl_certificate {home}/cert.pem;
    ssl_certificate_key {home}/key.pem;
    ssl_protocols TLSv1.3;
    server {{
        listen 0.0.0.0:{plain} backlog=16384;
        listen 127.0.0.1:{tls} ssl;
        root {home}/site;
    }}
    server {{
        listen 127.0.0.1:{h2} ssl http2;
        http2_max_concurrent_streams 128;
        if ($server_protocol != HTTP/2.0) {{ return 505; }}
        root {home}/site;
    }}
}}
"""


def free_ports(count):
    """So many, all held until all are known: else they may be the same."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("0.0.0.0", 0))
        return [one.getsockname()[1] for one in sockets]


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


class Nginx:
    """Runs until it is stopped."""

    def __init__(self, home, pin, keytool):
        self.home = home
        for name, content in (("13", b"hello, world\n"), ("64k", os.urandom(1 << 16)), ("10m", os.urandom(10 << 20))):
            (home / "site").mkdir(exist_ok=True)
            (home / "site" / name).write_bytes(content)
        self.certificate = home / "cert.pem"
        self.trust = home / "trust.p12"
        self.make_certificate(keytool)
        plain, tls, h2 = free_ports(3)
        files = resource_limit()
        (home / "nginx.conf").write_text(CONFIG.format(home=home, files=files, plain=plain, tls=tls, h2=h2))
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([*pin, program("nginx"), "-p", str(home), "-c", str(home / "nginx.conf"), *user],
                                        stderr=subprocess.DEVNULL)
        # By how it is asked.
        self.url = {"plain": f"http://127.0.0.1:{plain}/", "tls": f"https://127.0.0.1:{tls}/", "h2": f"https://127.0.0.1:{h2}/"}
        self.await_port(plain)

    def make_certificate(self, keytool):
        """Self-signed, also for the name that Helidon makes of the address; the clients in Java trust it as they do any authority, by javax.net.ssl.trustStore."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", str(self.home / "key.pem"),
                        "-out", str(self.certificate)], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([keytool, "-importcert", "-noprompt", "-alias", "server", "-file", str(self.certificate), "-keystore", str(self.trust),
                        "-storetype", "PKCS12", "-storepass", "changeit"], check=True, stderr=subprocess.DEVNULL)

    def add(self, name, size):
        """One more file."""
        with open(self.home / "site" / name, "wb") as file:
            for _ in range(size >> 20):
                file.write(os.urandom(1 << 20))

    def remove(self, name):
        (self.home / "site" / name).unlink()

    def cpu_seconds(self):
        """What its one worker has used."""
        worker = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]
        user, system = pathlib.Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def move(self, how, name, round_trip_millis):
        """What it has by that way it has by another one, too, which is so long. Gives what is to be stopped."""
        scheme, host, port = self.url[how].rstrip("/").rsplit(":", 2)
        distance = Distance(int(port), round_trip_millis)
        self.url[name] = f"{scheme}:{host}:{distance.port}/"
        return distance

    def await_port(self, port):
        for _ in range(100):
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("nginx does not start: " + pathlib.Path(self.home / "error.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Distance:
    """What goes through here, either way, arrives half a round trip later, however much it is."""

    def __init__(self, target, round_trip_millis):
        self.process = subprocess.Popen([sys.executable, str(HERE / "http_distance.py"), str(target), str(round_trip_millis)], stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Pending:
    """A server of HTTP/2 that answers no request before all are there."""

    def __init__(self, command, nginx):
        self.process = subprocess.Popen([*command, str(nginx.certificate), str(nginx.home / "key.pem")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        port = self.process.stdout.readline().strip()
        if not port:
            raise SystemExit("the server that lets requests pend does not start")
        self.url = f"https://127.0.0.1:{port}/"

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def resource_limit():
    """As many files as a process may open: one for each of 10,000 connections and some more."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = 20000 if hard == resource.RLIM_INFINITY else min(20000, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
