"""The contenders as processes: JVMs and Python that take commands from standard input, and wrk and h2load, which are started anew each time."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
WEFT = ["weft-handoff", "weft-inline"]
PEERS = ["async-http-client", "vertx", "reactor-netty", "jetty", "apache", "okhttp", "helidon", "java.net.http"]
JAVA_CONTENDERS = [*WEFT, "raw-netty", *PEERS]
# Programs that do nothing but load, of HTTP/1.1 and of HTTP/2.
LOADERS = ["wrk", "h2load"]
LONGEST_SECONDS = 300
# The same for all: no logging, no warnings, the collector that one core gets anyway.
FLAGS = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
         "-XX:+ExitOnOutOfMemoryError", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-Djava.util.logging.config.file=/dev/null"]
INLINE = ["--add-opens=java.base/java.lang=ALL-UNNAMED"]
WRK_SCRIPT = """
done = function(summary, latency)
    io.write(string.format("FIGURES %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        latency:percentile(99.9), summary.errors.connect + summary.errors.read + summary.errors.status + summary.errors.timeout))
end
"""


class Failed(Exception):
    """A contender did not do what it was asked; the message is its last word."""


class Worker:
    """One process that was started, has fetched a URL, and waits for commands."""

    def __init__(self, name, command, home):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+", dir=home, errors="replace")
        begin = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.read()
        self.start_millis = (time.perf_counter() - begin) * 1000

    def read(self):
        limit = threading.Timer(LONGEST_SECONDS, self.process.kill)
        limit.start()
        line = self.process.stdout.readline()
        limit.cancel()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            said = [line.strip() for line in self.errors.read().splitlines() if line.strip() and not line.startswith("\tat ")]
            cause = next((line for line in reversed(said) if "Caused by" in line), said[0] if said else "")
            raise Failed(f"exit {self.process.returncode}, {cause}")
        if line[0] not in "{r":
            # The JVM's own last word, as of an OutOfMemoryError.
            raise Failed(line.strip())
        return line

    def ask(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return json.loads(self.read())

    def get(self, url, in_flight, requests, hosts=1):
        return self.ask(f"get {url} {in_flight} {requests} {hosts}")

    def stop(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class Wrk:
    """wrk, one thread; has no start worth telling, and nothing to warm."""

    def __init__(self, home, pin):
        self.name = "wrk"
        self.start_millis = None
        self.pin = pin
        self.script = home / "wrk.lua"
        self.script.write_text(WRK_SCRIPT)

    def get(self, url, in_flight, requests, hosts=1):
        """For a second, however many requests that makes."""
        process = subprocess.Popen([*self.pin, "wrk", "-t1", f"-c{in_flight}", "-d1s", "-s", str(self.script), url],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = process.stdout.read()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        process.stdout.close()
        found = re.search(r"FIGURES (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
        if not found or found[6] != "0":
            raise Failed(said.strip().splitlines()[-1])
        count, micros, p50, p99, p999, _ = map(int, found.groups())
        return {"requests": count, "seconds": micros / 1e6, "cpuMicros": (used.ru_utime + used.ru_stime) * 1e6 / count, "p50": p50, "p99": p99,
                "p999": p999, "rssMiB": used.ru_maxrss / 1024}

    def stop(self):
        pass


class H2load:
    """h2load, one thread, one connection; as wrk."""

    def __init__(self, pin):
        self.name = "h2load"
        self.pin = pin

    def get(self, url, in_flight, requests, hosts=1):
        """For a second, however many requests that makes; it tells no percentiles."""
        process = subprocess.Popen([*self.pin, "h2load", "-t1", "-c1", f"-m{in_flight}", "-D1", url], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        said = process.stdout.read()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        process.stdout.close()
        found = re.search(r"requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored", said)
        if not found or found[1] == "0" or found[2] != "0" or found[3] != "0":
            raise Failed(said.strip().splitlines()[-1])
        count = int(found[1])
        return {"requests": count, "seconds": 1.0, "cpuMicros": (used.ru_utime + used.ru_stime) * 1e6 / count, "rssMiB": used.ru_maxrss / 1024}

    def stop(self):
        pass


class Curl:
    """curl, one after the other on one connection; as wrk."""

    def __init__(self, pin, version, certificate):
        self.name = "curl"
        self.command = [*pin, "curl", "-sSf", "--" + version, "--cacert", str(certificate)]

    def get(self, url, in_flight, requests, hosts=1):
        begin = time.perf_counter()
        process = subprocess.Popen(self.command + ["-o", "/dev/null", url] * requests, stderr=subprocess.PIPE, text=True)
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        if process.returncode:
            raise Failed(said.strip())
        return {"requests": requests, "seconds": time.perf_counter() - begin, "cpuMicros": (used.ru_utime + used.ru_stime) * 1e6 / requests,
                "rssMiB": used.ru_maxrss / 1024}

    def stop(self):
        pass


class Starter:
    """Knows how each contender is started."""

    def __init__(self, java, pin, home, nginx):
        self.java, self.pin, self.home, self.nginx = java, pin, home, nginx
        target = HERE / "target"
        if not (target / "classpath.txt").is_file():
            raise SystemExit(f"{target}/classpath.txt is missing: benchmarks/http.sh builds it")
        self.classpath = f"{target}/classes:{(target / 'classpath.txt').read_text().strip()}"
        self.python = python_with_aiohttp()

    def names(self):
        return JAVA_CONTENDERS + [name for name in LOADERS if shutil.which(name)] + (["aiohttp"] if self.python else [])

    def speaks(self, name, how):
        return name not in (["wrk", "aiohttp"] if how == "h2" else ["h2load"])

    def server_command(self):
        """The server that lets requests pend, on the core of servers."""
        return [self.java, *FLAGS, "-cp", self.classpath, "dev.weft.benchmarks.http.PendingServer"]

    def start(self, name, connections, url, heap="512m", http2=False):
        if name == "wrk":
            return Wrk(self.home, self.pin)
        if name == "h2load":
            return H2load(self.pin)
        if name == "curl":
            return Curl(self.pin, "http2" if http2 else "http1.1", self.nginx.certificate)
        if name == "aiohttp":
            command = [self.python, str(HERE / "http_aiohttp.py"), str(connections), url, str(self.nginx.certificate)]
        else:
            flags = FLAGS + (INLINE if "inline" in name else []) + [f"-Xmx{heap}", f"-Djavax.net.ssl.trustStore={self.nginx.trust}",
                                                                   "-Djavax.net.ssl.trustStorePassword=changeit"]
            command = [self.java, *flags, "-cp", self.classpath, "dev.weft.benchmarks.http.Worker", name, str(connections),
                       "h2" if http2 else "h1", url]
        return Worker(name, [*self.pin, *command], self.home)


def python_with_aiohttp():
    """The Python of the environment, or this one, if it has aiohttp."""
    for python in filter(None, (os.environ.get("PYTHON"), sys.executable, "/usr/bin/python3")):
        if subprocess.run([python, "-c", "import aiohttp"], capture_output=True).returncode == 0:
            return python
    return None


def find_java():
    """A JDK 25 or newer."""
    homes = [pathlib.Path(home) for home in [os.environ.get("JAVA_HOME")] if home]
    on_path = shutil.which("java")
    homes += [pathlib.Path(on_path).resolve().parent.parent] if on_path else []
    for place in ("/usr/lib/jvm", "/opt", pathlib.Path.home() / ".sdkman/candidates/java", pathlib.Path.home() / ".jdks"):
        homes += sorted(pathlib.Path(place).glob("*"), reverse=True)
    for home in homes:
        release = home / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
        if version and int(version[1]) >= 25 and (home / "bin/java").is_file():
            return str(home / "bin/java")
    raise SystemExit("no JDK 25 or newer found: install one, or point JAVA_HOME at it")
