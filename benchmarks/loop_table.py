"""Prints the table of loop.sh from the raw results in a directory."""

import json
import pathlib
import statistics
import sys

# Operation: its title, and the targets of the inline and the handoff carrier in operations per CPU second.
ROWS = {
    "callSoon": ("callSoon", 10e6, 10e6),
    "switchTasks": ("switch among 100 tasks", 2.5e6, 0.8e6),
    "createAndAwait": ("create + await a task", 0.8e6, 0.4e6),
    "gather": ("gather of 10,000 no-ops, children", 0.8e6, 0.4e6),
    "futureWake": ("future set -> waiter runs", 1.5e6, 0.6e6),
    "post": ("post from another thread", 3e6, 3e6),
    "timer": ("schedule + cancel a timer", 5e6, 5e6),
}
HEAP_TARGET = 1536


def jmh(directory):
    """Per (carrier, operation): the iterations of all rounds, per CPU second and per second."""
    cpu, wall = {}, {}
    for path in sorted(directory.glob("*.json")):
        for result in json.loads(path.read_text()):
            key = result["params"]["carrier"], result["benchmark"].rsplit(".", 1)[1]
            for metric, into in ((result["secondaryMetrics"]["perCpuSecond"], cpu), (result["primaryMetric"], wall)):
                into.setdefault(key, []).extend(value for fork in metric["rawData"] for value in fork)
    return cpu, wall


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def python(path):
    cpu, wall, heap, version = {}, {}, {}, ""
    for run in lines(path):
        version = run["python"]
        for name, figure in run["figures"].items():
            if name == "heapPerTask":
                heap[run["loop"]] = figure
            else:
                cpu.setdefault((run["loop"], name), []).append(figure["perCpuSecond"])
                wall.setdefault((run["loop"], name), []).append(figure["perSecond"])
    return cpu, wall, heap, version


def table(title, figures, loops):
    """Prints the figures with targets and ratios; returns the rows that miss their target."""
    print(f"\n{title}")
    others = loops[2:]
    head = f"{'':34}{'inline':>9}{'target':>8}{'handoff':>9}{'target':>8}"
    head += "".join(f"{other:>9}" for other in others)
    head += "".join(f"{ours + '/' + other:>17}" for ours in loops[:2] for other in others)
    print(head)
    missed = []
    for name, (text, *targets) in ROWS.items():
        median = {loop: statistics.median(figures[loop, name]) for loop in loops}
        row = f"{text:34}"
        for loop, target in zip(loops, targets):
            row += f"{median[loop] / 1e6:9.3f}{target / 1e6:8.1f}"
            if median[loop] < target:
                missed.append(f"{text} on {loop}")
        row += "".join(f"{median[other] / 1e6:9.3f}" for other in others)
        row += "".join(f"{median[ours] / median[other]:16.1f}x" for ours in loops[:2] for other in others)
        print(row)
    return missed


def wall_table(title, figures, loops):
    """Without ratios: the load of a shared machine differs from one figure to the next."""
    print(f"\n{title}\n{'':34}" + "".join(f"{loop:>9}" for loop in loops))
    for name, (text, *_) in ROWS.items():
        print(f"{text:34}" + "".join(f"{statistics.median(figures[loop, name]) / 1e6:9.3f}" for loop in loops))


def main():
    directory = pathlib.Path(sys.argv[1])
    cpu, wall = jmh(directory)
    python_cpu, python_wall, heap, version = python(directory / "python.jsonl")
    loops = ["inline", "handoff", *heap]
    print(f"Python {version}; medians")
    missed = table("Millions of operations per CPU second", cpu | python_cpu, loops)
    wall_table("Millions of operations per second (where it is less, something else had the core)", wall | python_wall, loops)
    ours = {run["carrier"]: run for run in lines(directory / "heap.jsonl")}
    print("\nMemory, bytes")
    print(f"{'heap per parked task':34}" + "  ".join(f"{loop} {heap.get(loop) or ours[loop]['heapPerTask']:.0f}" for loop in loops))
    print(f"{'retained per cancelled timer':34}" + "  ".join(f"{loop} {ours[loop]['heapPerTimer']:.3f}" for loop in ours))
    missed += [f"heap per parked task on {loop}" for loop in ours if ours[loop]["heapPerTask"] > HEAP_TARGET]
    missed += [f"timers retained on {loop}" for loop in ours if ours[loop]["heapPerTimer"] > 1]
    print("\nMisses its target: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
