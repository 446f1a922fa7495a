"""Tables, targets and the chart of http_driver.py; pure functions of the figures."""

import statistics
from html import escape

from http_workers import PEERS, WEFT

# Of the CPU time per request, by work: what it is compared with, then the most it may be on the handoff carrier, and on the inline carrier.
TARGETS = {
    "small": [("raw-netty", 1.4, 1.25), ("best peer", 0.7, None)],
    "64k": [("best of all", 1.15, 1.15)],
    "10m": [("best of all", 1.15, 1.15)],
    "tls": [("best peer", 1.0, 1.0)],
    "h2": [("best peer", 1.0, 1.0)],
}
MOST_ALLOCATED = 3000
MOST_BY_DEFAULTS = 1.15
MOST_BY_HTTP2 = 1.2
# Of a download's seconds, beside what the server needs for it; and from afar, where a request may wait for a round trip more.
MOST_BEYOND_SERVER = 1.05
MOST_FROM_AFAR = 2.0


def median(runs, figure):
    values = [run[figure] for run in runs if run.get(figure) is not None]
    return statistics.median(values) if values else None


def ratio(runs, name, other):
    """The median of the ratios in each round: what slows the machine slows both."""
    pairs = zip(runs[name], runs[other])
    return statistics.median(one["cpuMicros"] / two["cpuMicros"] for one, two in pairs if two["cpuMicros"])


def best(runs, among):
    there = [name for name in among if name in runs]
    return min(there, key=lambda name: median(runs[name], "cpuMicros")) if there else None


def reference(runs, kind):
    """The contender that is meant, if it took part."""
    return {"raw-netty": best(runs, ["raw-netty"]), "best peer": best(runs, PEERS), "best of all": best(runs, ["raw-netty", *PEERS])}[kind]


def missed(work, title, runs):
    misses = []
    for index, name in enumerate(WEFT):
        if name not in runs:
            continue
        for kind, *most in TARGETS[work]:
            other = reference(runs, kind)
            if other and most[index] and ratio(runs, name, other) > most[index]:
                misses.append(f"{title} on {name}: {ratio(runs, name, other):.2f} x {other}, to be {most[index]}")
        if work == "small" and median(runs[name], "allocated") > MOST_ALLOCATED:
            misses.append(f"{title} on {name}: {median(runs[name], 'allocated'):.0f} bytes allocated, to be {MOST_ALLOCATED}")
    return misses


def number(value, width, digits=0):
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def failed(failures):
    return [f"   {name:18} failed: {why}" for name, why in failures.items()]


def comparison(title, runs, failures):
    """Cheapest first."""
    peer = best(runs, PEERS)
    lines = [f"{title}" + (f"; the best peer is {peer}" if peer else ""),
             f"   {'':18}{'CPU us':>9}{'x raw':>7}{'x peer':>8}{'requests/s':>12}{'allocated':>11}{'p50 us':>9}{'p99 us':>9}{'p99.9 us':>10}{'MiB':>6}"]
    for name in sorted(runs, key=lambda one: median(runs[one], "cpuMicros")):
        of = runs[name]
        line = f"   {name:18}{number(median(of, 'cpuMicros'), 9, 1)}"
        line += number(ratio(runs, name, "raw-netty") if "raw-netty" in runs else None, 7, 2)
        line += number(ratio(runs, name, peer) if peer else None, 8, 2)
        line += number(statistics.median(run["requests"] / run["seconds"] for run in of), 12) + number(median(of, "allocated"), 11)
        line += number(median(of, "p50"), 9) + number(median(of, "p99"), 9) + number(median(of, "p999"), 10) + number(of[-1]["rssMiB"], 6)
        lines.append(line)
    return lines + failed(failures)


def defaults(runs, failures):
    lines, misses = ["All defaults (cookies, redirects, decompression, timeouts) over all off; 13-byte GET, 64 in flight",
                     f"   {'':18}{'on us':>9}{'off us':>9}{'ratio':>7}{'on bytes':>10}{'off bytes':>11}"], []
    for name in WEFT:
        off = name + "-off"
        if name in runs and off in runs:
            times = ratio(runs, name, off)
            lines.append(f"   {name:18}{median(runs[name], 'cpuMicros'):9.1f}{median(runs[off], 'cpuMicros'):9.1f}{times:7.2f}"
                         f"{median(runs[name], 'allocated'):10.0f}{median(runs[off], 'allocated'):11.0f}")
            if times > MOST_BY_DEFAULTS:
                misses.append(f"all defaults over all off on {name}: {times:.2f}, to be {MOST_BY_DEFAULTS}")
    return lines + failed(failures), misses


def over_http1(title, runs, failures):
    lines, misses = [title, f"   {'':18}{'h2 us':>9}{'h1 us':>9}{'ratio':>7}{'h2 MiB/s':>10}{'h1 MiB/s':>10}{'h2 bytes':>11}{'h1 bytes':>11}"], []
    for name in WEFT:
        both = [name + "-h2", name + "-h1"]
        if all(one in runs for one in both):
            times = ratio(runs, *both)
            line = f"   {name:18}" + "".join(number(median(runs[one], "cpuMicros"), 9) for one in both) + number(times, 7, 2)
            line += "".join(number(10 * statistics.median(run["requests"] / run["seconds"] for run in runs[one]), 10) for one in both)
            lines.append(line + "".join(number(median(runs[one], "allocated"), 11) for one in both))
            if times > MOST_BY_HTTP2:
                misses.append(f"{title} on {name}: {times:.2f}, to be {MOST_BY_HTTP2}")
    return lines + failed(failures), misses


def downloads(title, runs, failures, from_afar=False):
    """Seconds, of the client's CPU too, and of the server's."""
    lines, misses = [title, f"   {'':18}{'h2 s':>8}{'h1 s':>8}{'ratio':>7}{'h2 CPU s':>10}{'h1 CPU s':>10}{'h2 server s':>13}{'h1 server s':>13}{'ratio':>7}"], []
    for name in [*WEFT, "curl"]:
        both = [runs.get(name + "-h2"), runs.get(name + "-h1")]
        if all(both):
            each = [[run["seconds"] / run["requests"] for run in of] for of in both]
            times = statistics.median(one / two for one, two in zip(*each))
            servers = [statistics.median(run["serverSeconds"] / run["requests"] for run in of) for of in both]
            line = f"   {name:18}" + "".join(number(statistics.median(of), 8, 2) for of in each) + number(times, 7, 2)
            line += "".join(number(median(of, "cpuMicros") / 1e6, 10, 2) for of in both)
            of_server = servers[0] / servers[1] if servers[1] else None
            lines.append(line + "".join(number(seconds, 13, 2) for seconds in servers) + number(of_server, 7, 2))
            most = MOST_FROM_AFAR if from_afar else MOST_BEYOND_SERVER * max(1, of_server or 1)
            if name in WEFT and times > most:
                misses.append(f"{title} on {name}: HTTP/2 takes {times:.2f} x HTTP/1.1, to be {most:.2f}")
    return lines + failed(failures), misses


def levels(title, at, figures, failures):
    lines = [f"{title}: CPU us and bytes allocated per request", f"   {'':18}" + "".join(f"{level:>16,}" for level in at)]
    for name, by_level in figures.items():
        cells = [f"{median(by_level[level], 'cpuMicros'):.1f} {median(by_level[level], 'allocated'):6.0f}" if level in by_level else "-"
                 for level in at]
        lines.append(f"   {name:18}" + "".join(f"{cell:>16}" for cell in cells))
    return lines + failed(failures)


def memory(title, results, failures):
    lines = [title]
    for name, figures in results.items():
        line = f"   {name:18}peak heap {figures['peakHeapMiB']:.1f} MiB, garbage included; process {figures['rssMiB']:.0f} MiB"
        if "usedMiB" in figures:
            line += "; in use at each fifth of the way " + ", ".join(f"{used:.1f}" for used in figures["usedMiB"])
        lines.append(line)
    return lines + failed(failures)


def start(millis, failures):
    lines = ["Start of the process to the end of its first response, ms", f"   {'':18}{'median':>9}{'min':>8}{'max':>8}"]
    for name in sorted(millis, key=lambda one: statistics.median(millis[one])):
        of = millis[name]
        lines.append(f"   {name:18}{statistics.median(of):9.0f}{min(of):8.0f}{max(of):8.0f}")
    return lines + failed(failures)


BAR, WIDTH, LEFT = 18, 640, 150


def panel(title, runs, top):
    """Bars of CPU per request, the shortest first; the longest may leave the picture rather than make all others dots."""
    times = {name: median(of, "cpuMicros") for name, of in runs.items()}
    order = sorted(times, key=times.get)
    scale = (WIDTH - LEFT - 90) / min(times[order[-1]], 4 * statistics.median(times.values()))
    parts = [f'<text x="10" y="{top + 14}" class="t">{escape(title)}: client CPU per request, µs</text>']
    for index, name in enumerate(order):
        y = top + 24 + index * BAR
        width = min(times[name] * scale, WIDTH - LEFT - 90)
        kind = "w" if name in WEFT else "r" if name == "raw-netty" else "p"
        parts.append(f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>'
                     f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{width:.1f}" height="{BAR - 5}"/>'
                     f'<text x="{LEFT + width + 5:.1f}" y="{y + 12}">{times[name]:,.1f}</text>')
    return parts, top + 24 + len(order) * BAR + 22


def chart(compared):
    """An SVG with a panel for each work."""
    parts, top = [], 10
    for title, runs in compared.values():
        if runs:
            more, top = panel(title, runs, top)
            parts += more
    style = "text{font:12px sans-serif;fill:#222}.t{font-weight:bold}.w{fill:#1b7f5c}.r{fill:#888}.p{fill:#9db7d5}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"><style>{style}</style>'
            f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n")
