"""The jobs of fetch.py: what is fetched from where, and how each program is told to."""

import dataclasses
import hashlib
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import fetch_servers

HERE = pathlib.Path(__file__).resolve().parent
MIB = 1 << 20
PACED = 40 * MIB
PACED_RATE = 5 * MIB
SLOW_COUNT = 500
SLOW_MILLIS = 50
TRIES = 5
SILENCE = 1


@dataclasses.dataclass
class Job:
    """One job: urls by the name of the file that each becomes, and the SHA-256 it must have (None: no file, and a failure)."""

    name: str
    title: str
    target: str
    at_once: int
    rounds: int
    quick_rounds: int
    urls: dict
    sums: dict
    # Whether the URLs name a run, so that the server starts anew with each, and its requests can be counted.
    counted: bool = False


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Servers:
    """Starts servers, each once, and ends them."""

    def __init__(self, work, server_core):
        self.work, self.core, self.running, self.ports = work, server_core, [], {}

    def own(self, kind, *numbers):
        if kind not in self.ports:
            process = self.start([sys.executable, str(HERE / "fetch_servers.py"), kind, *map(str, numbers)], subprocess.PIPE)
            self.ports[kind] = int(process.stdout.readline())
        return f"http://127.0.0.1:{self.ports[kind]}"

    def nginx(self):
        if "nginx" not in self.ports:
            program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
            if program is None:
                sys.exit("fetch.py: nginx is not installed (apt-get install nginx-light)")
            port = free_port()
            config = self.work / "nginx.conf"
            temporary = "".join(f"{kind}_temp_path {self.work}/{kind};" for kind in
                                ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            user = "user root;" if os.getuid() == 0 else ""
            config.write_text(f"daemon off; {user} worker_processes 1; pid {self.work}/nginx.pid; error_log {self.work}/error.log;"
                              f"events {{ worker_connections 4096; }} http {{ access_log off; sendfile on; tcp_nopush on; {temporary}"
                              f"keepalive_requests 100000; server {{ listen 127.0.0.1:{port} backlog=4096; root {self.work}/site; }} }}")
            self.start([program, "-c", str(config), "-p", str(self.work)])
            await_port(port)
            self.ports["nginx"] = port
        return f"http://127.0.0.1:{self.ports['nginx']}"

    def start(self, command, stdout=None):
        pin = None if self.core is None else lambda: os.sched_setaffinity(0, {self.core})
        process = subprocess.Popen(command, stdout=stdout, preexec_fn=pin)
        self.running.append(process)
        return process

    def stop(self):
        for process in self.running:
            process.terminate()
            process.wait()


def free_port():

    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def await_port(port):

    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit("fetch.py: nginx did not start")


def files(work, folder, sizes, base):
    """Writes files of these sizes where nginx finds them, and gives their URLs and sums."""
    directory = work / "site" / folder
    directory.mkdir(parents=True, exist_ok=True)
    urls, sums = {}, {}
    for number, size in enumerate(sizes):
        name = f"{folder}-{number:04}.bin"
        generator = random.Random(name)
        with open(directory / name, "wb") as file:
            for at in range(0, size, MIB):
                file.write(generator.randbytes(min(MIB, size - at)))
        urls[name] = f"{base}/{folder}/{name}"
        sums[name] = sha256(directory / name)
    return urls, sums


def make(name, work, servers):
    """Makes the files and starts the server of a job."""
    sizes = random.Random(1)
    if name == "a":
        return Job("a", "one file of 10 KB", "0.170 s", 1, 15, 5, *files(work, "one", [10_000], servers.nginx()))
    if name == "b":
        small = [sizes.randrange(1 << 10, 64 << 10) for _ in range(2000)]
        return Job("b", "2,000 files of 1-64 KiB, 32 at once", "0.45 s", 32, 7, 3, *files(work, "small", small, servers.nginx()))
    if name == "c":
        return Job("c", "20 files of 20 MiB, 4 at once", "0.50 s", 4, 5, 2, *files(work, "large", 20 * [20 * MIB], servers.nginx()))
    if name == "d0":
        return Job("d0", "one file of 1 GiB", "1.10 s", 1, 5, 1, *files(work, "huge", [1 << 30], servers.nginx()))
    if name == "d1":
        base = servers.own("paced", PACED, PACED_RATE)
        digest = hashlib.sha256(random.Random("paced").randbytes(PACED)).hexdigest()
        return Job("d1", "40 MiB at 5 MiB/s per connection", "1.10 s", 1, 3, 1, {"paced.bin": f"{base}/paced.bin"}, {"paced.bin": digest})
    if name == "e":
        base = servers.own("slow", SLOW_COUNT, SLOW_MILLIS)
        names = [f"slow-{n}.bin" for n in range(SLOW_COUNT)]
        return Job("e", "500 small files answered after 50 ms, 100 at once", "0.40 s + start", 100, 7, 2,
                   {n: f"{base}/{n}" for n in names}, {n: hashlib.sha256(fetch_servers.content(n)).hexdigest() for n in names})
    base = servers.own("misbehaving")
    bodies = {n: fetch_servers.right(n) for n in fetch_servers.MISBEHAVING}
    return Job("g", "68 files that go wrong in twelve ways, 32 at once", "4.0 s, 125 requests", 32, 3, 1,
               {n: f"{base}/RUN/{n}" for n in bodies}, {n: b and hashlib.sha256(b).hexdigest() for n, b in bodies.items()}, True)


def requests_of(job, run):
    url = next(iter(job.urls.values())).rsplit("/", 2)[0]
    with urllib.request.urlopen(f"{url}/{run}/count") as answer:
        return int(answer.read())


def contenders(job, fetch):
    """By name, the commands: from the list of URLs (in a file), curl's configuration of the same, and the directory to fill."""
    only = next(iter(job.urls.values())) if len(job.urls) == 1 else None
    n = str(job.at_once)
    own = {"fetch": lambda urls, config, out: [fetch, "-d", out, *([only] if only else ["-j", n, "-i", urls])]}
    curl = ["curl", "-q", "-sS", "-f", "--remote-name-all", "--output-dir"]
    aria2 = ["aria2c", "--no-conf", "-q", "--file-allocation=none", "-j", n, "-d"]
    wget2 = ["wget2", "--no-config", "-q", f"--max-threads={n}", "-P"]
    if job.name == "g":
        # Tries enough, and the same patience with silence, for all; curl as it gets most right.
        own["fetch"] = lambda urls, config, out: [fetch, "-d", out, "-j", n, "-r", str(TRIES), "-t", str(SILENCE), "-i", urls]
        curl[3:3] = ["--retry", str(TRIES), "--retry-all-errors", "--speed-limit", "1", "--speed-time", str(SILENCE)]
        aria2[3:3] = ["-m", str(TRIES + 1), "--retry-wait=1", f"--timeout={SILENCE}"]
        wget2[3:3] = [f"--tries={TRIES + 1}", f"--read-timeout={SILENCE}", "--waitretry=1"]
    parallel = [] if only else ["-Z", "--parallel-max", n]
    own["curl" if only else "curl -Z"] = lambda urls, config, out: [*curl, out, *parallel, "-K", config]
    own["aria2c"] = lambda urls, config, out: [*aria2, out, "-i", urls]
    if job.name == "d1":
        own["aria2c -x8 -s8"] = lambda urls, config, out: [*aria2[:-1], "-x8", "-s8", "-k1M", "-d", out, "-i", urls]
    own["wget2"] = lambda urls, config, out: [*wget2, out, "-i", urls]
    return {name: command for name, command in own.items() if name == "fetch" or shutil.which(name.split()[0])}
