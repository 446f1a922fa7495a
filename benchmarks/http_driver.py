#!/usr/bin/env python3
"""Our HTTP client on both carriers beside other Java clients, raw Netty, wrk and Python's aiohttp, against one nginx.

Run it by benchmarks/http.sh, which builds what it needs. The server has one core, the clients another. A contender is a process of its own for each
work, warmed up by CPU time; then rounds take turns contender by contender. Ends with 1 if one of ours failed.
"""

import argparse
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import http_profile
import http_report
from http_servers import Nginx, Pending
from http_workers import Failed, JAVA_CONTENDERS, LOADERS, Starter, WEFT, find_java

HERE = pathlib.Path(__file__).resolve().parent
# Name: title, file, how it is asked for, requests in flight.
WORKS = {"small": ("13-byte GET, 64 in flight", "13", "plain", 64), "64k": ("64 KiB, 16 in flight", "64k", "plain", 16),
         "10m": ("10 MiB, 4 in flight", "10m", "plain", 4), "tls": ("TLS 1.3, 13-byte GET, 64 in flight", "13", "tls", 64),
         "h2": ("HTTP/2 over TLS 1.3, 13-byte GET, 64 in flight on one connection", "13", "h2", 64)}
PARTS = [*WORKS, "h2-10m", "h2-1g", "h2-far", "h2-streams", "defaults", "inflight", "hosts", "tasks", "fetchall", "start", "profile"]
QUICK_PARTS = ["small", "64k", "10m", "tls"]
STREAMS, STREAM_CONNECTIONS = 10_000, 100
# Of CPU time: before that, code is half compiled, and figures are no verdict.
SETTLED_SECONDS = 9
LEVELS = [1, 10, 100, 1000, 10000]
ROUND_TRIP_MILLIS = 50


class Driver:
    """Does the parts; each gives the lines of its table."""

    def __init__(self, options, starter, nginx):
        self.options, self.starter, self.nginx = options, starter, nginx
        self.compared = {}
        self.misses = []
        self.our_failures = []

    def failed(self, failures, name, why):
        print(f"{name}: {why}", file=sys.stderr)
        failures[name] = str(why)
        if name.startswith("weft"):
            self.our_failures.append(name)

    def sized(self, figures, in_flight, seconds):
        """So many requests that they take about so much CPU time."""
        return max(4 * in_flight, min(500_000, int(seconds * 1e6 / max(figures["cpuMicros"], 2))))

    def warm(self, worker, url, in_flight, seconds, hosts=1):
        """Until it has used so much CPU time; gives the number of requests of a round."""
        if worker.name in [*LOADERS, "curl"]:
            return 0
        used, requests = 0.0, max(hosts, 4 * in_flight)
        while True:
            figures = worker.get(url, in_flight, requests, hosts)
            used += figures["cpuMicros"] * requests / 1e6
            if used >= seconds:
                return max(hosts, self.sized(figures, in_flight, self.options.seconds))
            requests = max(hosts, self.sized(figures, in_flight, min(0.5, seconds / 4)))

    def compare(self, asked, file, in_flight, warm_seconds, of_a_round=None):
        """The figures of each round, and why some have none; asked is a contender, and how it asks (plain, tls, h2), by the name of the two together.
        A round takes as much CPU time as the others do, or has so many requests."""
        workers, urls, requests, runs, failures = {}, {}, {}, {}, {}
        try:
            for name, (contender, how) in asked.items():
                print(f"   warming up {name}", file=sys.stderr)
                urls[name] = self.nginx.url[how] + file
                try:
                    http2 = how.startswith("h2")
                    workers[name] = self.starter.start(contender, 1 if http2 else in_flight, urls[name], http2=http2)
                    sized = self.warm(workers[name], urls[name], in_flight, warm_seconds)
                    requests[name] = of_a_round or sized
                    runs[name] = []
                except Failed as why:
                    self.failed(failures, name, why)
            for round_number in range(self.options.rounds):
                order = list(runs)
                for name in order[round_number % len(order):] + order[:round_number % len(order)]:
                    try:
                        before = self.nginx.cpu_seconds()
                        figures = workers[name].get(urls[name], in_flight, requests[name])
                        runs[name].append(figures | {"serverSeconds": self.nginx.cpu_seconds() - before})
                    except Failed as why:
                        self.failed(failures, name, why)
                        del runs[name]
        finally:
            for worker in workers.values():
                worker.stop()
        return runs, failures

    def work(self, name):
        title, file, how, in_flight = WORKS[name]
        warm_seconds = self.options.warm if name == "small" else self.options.warm_others
        asked = {one: (one, how) for one in self.options.only if self.starter.speaks(one, how)}
        runs, failures = self.compare(asked, file, in_flight, warm_seconds)
        self.compared[name] = (title, runs)
        if warm_seconds >= SETTLED_SECONDS:
            self.misses += http_report.missed(name, title, runs)
        return http_report.comparison(title, runs, failures)

    def defaults(self):
        """What cookies, redirects, decompression and timeouts cost."""
        names = [name + off for name in WEFT for off in ("", "-off")]
        runs, failures = self.compare({name: (name, "plain") for name in names}, "13", 64, self.options.warm)
        lines, missed = http_report.defaults(runs, failures)
        if self.options.warm >= SETTLED_SECONDS:
            self.misses += missed
        return lines

    def h2_10m(self):
        """What large bodies cost over HTTP/2, on one connection, beside HTTP/1.1, both over TLS."""
        asked = {name + of: (name, how) for name in WEFT for of, how in (("-h2", "h2"), ("-h1", "tls"))}
        runs, failures = self.compare(asked, "10m", 4, self.options.warm_others)
        lines, missed = http_report.over_http1("10 MiB over TLS 1.3, 4 in flight: HTTP/2 on one connection over HTTP/1.1", runs, failures)
        if self.options.warm_others >= SETTLED_SECONDS:
            self.misses += missed
        return lines

    def over_tls(self, far=""):
        """Ours and curl, each by both versions."""
        contenders = WEFT + (["curl"] if shutil.which("curl") else [])
        return {name + of: (name, how + far) for name in contenders for of, how in (("-h2", "h2"), ("-h1", "tls"))}

    def h2_1g(self):
        """Whether one large download is slower over HTTP/2 by more than it is for the server."""
        self.nginx.add("1g", 1 << 30)
        runs, failures = self.compare(self.over_tls(), "1g", 1, self.options.warm_others, of_a_round=2)
        self.nginx.remove("1g")
        lines, missed = http_report.downloads("1 GiB over TLS 1.3, one at a time on one connection, beside what the server needed for it", runs, failures)
        if self.options.warm_others >= SETTLED_SECONDS:
            self.misses += missed
        return lines

    def h2_far(self):
        """The same, from where the windows are what may hold the server back."""
        self.nginx.add("64m", 64 << 20)
        distances = [self.nginx.move(how, how + "-far", ROUND_TRIP_MILLIS) for how in ("tls", "h2")]
        try:
            runs, failures = self.compare(self.over_tls("-far"), "64m", 1, 1, of_a_round=2)
        finally:
            for distance in distances:
                distance.stop()
        lines, missed = http_report.downloads(f"64 MiB over TLS 1.3 from {ROUND_TRIP_MILLIS} ms away and back, one at a time on one connection", runs, failures,
                                              from_afar=True)
        self.misses += missed
        return lines

    def h2_streams(self):
        """Every request is answered when all of them are pending."""
        server = Pending(self.starter.server_command(), self.nginx)
        try:
            url = f"{server.url}{STREAMS}"
            first = f"{server.url}1"
            title = f"{STREAMS:,} streams at a time over HTTP/2 on {STREAM_CONNECTIONS} connections, TLS 1.3, -Xmx96m, three times"
            return self.with_little_heap(title, lambda worker: [worker.get(url, STREAMS, STREAMS) for _ in range(3)][-1],
                                         heap="96m", url=first, http2=True)
        finally:
            server.stop()

    def levels(self, title, connections, get):
        """CPU per request at each level, on both carriers in turns; get(worker, level, requests) does one round."""
        workers, figures, failures = {}, {}, {}
        try:
            for name in WEFT:
                workers[name] = self.starter.start(name, connections, self.nginx.url["plain"] + "13", heap="1g")
                self.warm(workers[name], self.nginx.url["plain"] + "13", 64, self.options.warm)
            for level in LEVELS:
                for round_number in range(self.options.rounds + 1):
                    for name, worker in workers.items():
                        if name in failures:
                            continue
                        try:
                            result = get(worker, level)
                            # The first round opens connections.
                            if round_number:
                                figures.setdefault(name, {}).setdefault(level, []).append(result)
                        except Failed as why:
                            self.failed(failures, name, why)
        finally:
            for worker in workers.values():
                worker.stop()
        return http_report.levels(title, LEVELS, figures, failures)

    def inflight(self):
        url = self.nginx.url["plain"] + "13"
        requests = int(self.options.seconds * 40_000)
        return self.levels("Requests in flight, through 100 connections at most", 100,
                           lambda worker, level: worker.get(url, level, max(level * 2, requests if level > 1 else requests // 4)))

    def hosts(self):
        url = self.nginx.url["plain"] + "13"
        requests = int(self.options.seconds * 40_000)
        return self.levels("Hosts in the pool, 64 requests in flight, a connection or more to each host", 0,
                           lambda worker, level: worker.get(url, 64, max(2 * level, requests), level))

    def with_little_heap(self, title, ask, heap="64m", url=None, http2=False):
        """Through 100 connections at most."""
        results, failures = {}, {}
        for name in WEFT:
            try:
                worker = self.starter.start(name, 100, url or self.nginx.url["plain"] + "13", heap=heap, http2=http2)
                try:
                    results[name] = ask(worker)
                finally:
                    worker.stop()
            except Failed as why:
                self.failed(failures, name, why)
                self.misses.append(f"{title} on {name}")
        return http_report.memory(title, results, failures)

    def tasks(self):
        return self.with_little_heap("10,000 tasks, each with its own GET, one session, 100 connections, -Xmx64m, three times",
                                     lambda worker: [worker.get(self.nginx.url["plain"] + "13", 10_000, 10_000) for _ in range(3)][-1])

    def fetchall(self):
        return self.with_little_heap("100,000 URLs through fetchAll, 100 in flight, results dropped, -Xmx64m",
                                     lambda worker: worker.ask(f"fetchAll {self.nginx.url['plain']}13 100 100000"))

    def start(self):
        """From the start of the process to the end of its first response."""
        millis, failures = {}, {}
        for _ in range(self.options.rounds):
            for name in self.options.only:
                if name in LOADERS or name in failures:
                    continue
                try:
                    worker = self.starter.start(name, 1, self.nginx.url["plain"] + "13")
                    millis.setdefault(name, []).append(worker.start_millis)
                    worker.stop()
                except Failed as why:
                    self.failed(failures, name, why)
        return http_report.start(millis, failures)

    def profile(self):
        """Ours beside raw Netty, in each of the works, in turns."""
        lines = ["Where the CPU goes, us per request, by the flight recorder's samples of it, each contender alone"]
        for work, (title, file, how, in_flight) in WORKS.items():
            profiles, failures = {}, {}
            for name in [one for one in [*WEFT, "raw-netty"] if one in self.options.only]:
                worker, url = None, self.nginx.url[how] + file
                try:
                    worker = self.starter.start(name, 1 if how == "h2" else in_flight, url, http2=how == "h2")
                    requests = self.warm(worker, url, in_flight, self.options.warm_others)
                    profiles[name] = http_profile.profile(worker, self.starter.java, self.starter.home,
                                                          lambda: worker.get(url, in_flight, requests))
                except (Failed, subprocess.CalledProcessError) as why:
                    self.failed(failures, name, why)
                finally:
                    if worker:
                        worker.stop()
            lines += http_profile.table(f"   {title}", profiles, failures)
        return lines

    def part(self, name):
        return self.work(name) if name in WORKS else getattr(self, name.replace("-", "_"))()


def introduction(options, java, pinned):
    described = subprocess.run(["git", "-C", str(HERE), "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    nginx = subprocess.run([shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-v"], capture_output=True, text=True).stderr.strip()
    where = "server on core 0, clients on core 1" if pinned else "nothing pinned: trust the CPU time only"
    return [f"{datetime.date.today()} {described}; {version}; {nginx.split(': ')[-1]}; {os.cpu_count()} cores, {where}; load average at the start "
            f"{os.getloadavg()[0]:.1f}",
            f"Medians of {options.rounds} rounds of about {options.seconds:g} CPU s after {options.warm:g} CPU s of warm-up"
            + (f" ({options.warm_others:g} but for the small GET)" if options.warm_others != options.warm else "")
            + "; ratios are medians of the ratios in each round.",
            "CPU is user and system of the client's process alone, allocated what the JVM gave to all threads, MiB the most the process held.", ""]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ours against raw Netty in under two minutes: to see where we are, not to quote")
    parser.add_argument("--part", help="some of " + ",".join(PARTS))
    parser.add_argument("--only", help="some of " + ",".join([*JAVA_CONTENDERS, *LOADERS, "aiohttp"]))
    parser.add_argument("--rounds", type=int, help="default 9; 5 with --quick")
    parser.add_argument("--warm", type=float, help="CPU seconds of warm-up; default 9")
    options = parser.parse_args()
    options.complete = not (options.quick or options.part or options.only or options.rounds or options.warm)
    options.part = options.part.split(",") if options.part else QUICK_PARTS if options.quick else PARTS
    options.warm_others = options.warm or (2 if options.quick else 9)
    options.warm = options.warm or 9
    options.rounds = options.rounds or (5 if options.quick else 9)
    options.seconds = 0.3 if options.quick else 1.0
    if set(options.part) - set(PARTS):
        parser.error("--part takes some of " + ",".join(PARTS))
    return options


def main():
    options = arguments()
    # Ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    java = find_java()
    pinned = os.cpu_count() > 1 and shutil.which("taskset") is not None
    server, client = (["taskset", "-c", "0"], ["taskset", "-c", "1"]) if pinned else ([], [])
    lines = introduction(options, java, pinned)
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="weft-http-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as directory:
        home = pathlib.Path(directory)
        nginx = Nginx(home, server, str(pathlib.Path(java).parent / "keytool"))
        try:
            starter = Starter(java, client, home, nginx)
            known = starter.names()
            options.only = options.only.split(",") if options.only else [*WEFT, "raw-netty"] if options.quick else known
            if set(options.only) - set(known):
                raise SystemExit("--only takes some of " + ",".join(known))
            driver = Driver(options, starter, nginx)
            for part in options.part:
                print(part, file=sys.stderr)
                found = driver.part(part) + [""]
                print("\n".join(found), flush=True)
                lines += found
        finally:
            nginx.stop()
    verdict = "Misses its target: " + ("; ".join(driver.misses) or "nothing that was judged")
    if min(options.warm, options.warm_others) < SETTLED_SECONDS:
        verdict += f" (CPU is judged after {SETTLED_SECONDS} CPU s of warm-up only)"
    print(verdict)
    if options.complete:
        (HERE / "results/http.txt").write_text("\n".join([*lines, verdict, ""]))
        (HERE / "results/http.svg").write_text(http_report.chart(driver.compared))
    return 1 if driver.our_failures else 0


if __name__ == "__main__":
    sys.exit(main())
