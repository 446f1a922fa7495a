"""Where a contender's CPU goes: the flight recorder's samples of its CPU time, put together by what the innermost known frame is about."""

import collections
import pathlib
import re
import subprocess

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="jdk.CPUTimeSample"><setting name="enabled">true</setting><setting name="throttle">1ms</setting></event>
</configuration>
"""
# What it is about, and what frames say so; from the innermost frame outwards, the first that any of these knows decides.
AREAS = {
    "send, in the kernel": r"unix\.Socket\.(send|write)",
    "receive, in the kernel": r"unix\.Socket\.(recv|read)",
    "wait for I/O": r"epoll\.Native\.epoll",
    "TLS": r"\.ssl\.|internal\.tcnative",
    "buffers": r"netty\.buffer\.Pool|netty\.util\.Recycler|AbstractReferenceCountedByteBuf|RefCnt",
    "HTTP/1.1": r"weft\.http\.h1|codec\.http\.Http[A-Z]|codec\.http\.Default",
    "HTTP/2": r"weft\.http\.h2|codec\.http2",
    "bodies": r"BodyQueue|BodyStream|StreamReader|PullIterator",
    "pool": r"weft\.http\.connect",
    "URL and head of the request": r"message\.(HttpUrl|UrlParser|Headers|Fields|ClientRequest|Attributes)|exchange\.Outgoing|wire\.RequestCheck",
    "request, else": r"weft\.http\.",
    "switch of tasks": r"java\.lang\.VirtualThread|jdk\.internal\.vm\.Continuation|ForkJoin|weft\.loop\.(Task|Future|InlineCarrier|HandoffCarrier|Coroutine)|LockSupport",
    "loop, else": r"weft\.loop\.",
    "Netty, else": r"io\.netty\.",
    "the benchmark itself": r"weft\.benchmarks|HdrHistogram",
}
PATTERNS = [(area, re.compile(pattern)) for area, pattern in AREAS.items()]


def area_of(frames):
    for frame in frames:
        for area, pattern in PATTERNS:
            if pattern.search(frame):
                return area
    return "the JVM"


def areas(printed):
    """How many samples each area has, of what `jfr print` says."""
    counts = collections.Counter()
    for sample in printed.split("jdk.CPUTimeSample {")[1:]:
        counts[area_of(re.findall(r"^\s+([\w.$<>/]+)\(", sample, re.M))] += 1
    return counts


def profile(worker, java, home, get, rounds=8):
    """CPU per request of each area, in microseconds, over some rounds."""
    tools = pathlib.Path(java).parent
    settings, recording = home / "profile.jfc", home / "profile.jfr"
    settings.write_text(SETTINGS)
    recording.unlink(missing_ok=True)
    pid = str(worker.process.pid)
    jcmd = [str(tools / "jcmd"), pid]
    subprocess.run([*jcmd, "JFR.start", "name=profile", f"settings={settings}"], check=True, stdout=subprocess.DEVNULL)
    micros = sorted(get()["cpuMicros"] for _ in range(rounds))[rounds // 2]
    subprocess.run([*jcmd, "JFR.stop", "name=profile", f"filename={recording}"], check=True, stdout=subprocess.DEVNULL)
    printed = subprocess.run([str(tools / "jfr"), "print", "--events", "CPUTimeSample", "--stack-depth", "64", str(recording)],
                             check=True, capture_output=True, text=True).stdout
    counts = areas(printed)
    total = sum(counts.values())
    return {area: micros * count / total for area, count in counts.items()} | {"all": micros}


def table(title, profiles, failures):
    """Areas by what they cost the first contender; those that cost nobody a hundredth are left out."""
    names = list(profiles)
    lines = [title, f"   {'':30}" + "".join(f"{name:>16}" for name in names)]
    seen = {area for of in profiles.values() for area in of if area != "all" and any(p.get(area, 0) >= p["all"] / 100 for p in profiles.values())}
    for area in sorted(seen, key=lambda one: -max(of.get(one, 0) for of in profiles.values())):
        lines.append(f"   {area:30}" + "".join(f"{of.get(area, 0):16.2f}" for of in profiles.values()))
    lines.append(f"   {'all':30}" + "".join(f"{of['all']:16.2f}" for of in profiles.values()))
    return lines + [f"   {name:18}failed: {why}" for name, why in failures.items()]
