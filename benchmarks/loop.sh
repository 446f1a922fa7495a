#!/usr/bin/env bash
# The loop's figures on both carriers beside Python's asyncio (and uvloop, if it can be imported), on one core, in one run.
#
#   benchmarks/loop.sh [--quick]
#
# WEFT_CORE   the core to pin to (default: the last one)
# PYTHON      the Python to compare with (default: the first of several that has uvloop, else the first there is)
# JAVA_HOME   a JDK 25 or newer; others are looked for
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=2 warmup=5 measure=3 seconds=2
case "${1:-}" in
    "") ;;
    --quick) rounds=1 warmup=2 measure=1 seconds=1 ;;
    *) echo "usage: benchmarks/loop.sh [--quick]" >&2; exit 2 ;;
esac

. benchmarks/find_java.sh

find_python() {
    local candidate first=""
    for candidate in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 /usr/bin/python3}; do
        if command -v "$candidate" > /dev/null && "$candidate" -c 'import asyncio.timeouts' 2> /dev/null; then
            first=${first:-$candidate}
            if "$candidate" -c 'import uvloop' 2> /dev/null; then
                echo "$candidate"
                return
            fi
        fi
    done
    if [ -z "$first" ]; then
        echo "loop.sh: no Python 3.11 or newer found: install one, or name it in PYTHON" >&2
        return 1
    fi
    echo "$first"
}

java=$(find_java)
python=$(find_python)
pin=()
if command -v taskset > /dev/null; then
    pin=(taskset -c "${WEFT_CORE:-$(($(nproc) - 1))}")
else
    echo "loop.sh: there is no taskset here: nothing is pinned, so trust the figures per CPU second only" >&2
fi
others=(asyncio)
if "$python" -c 'import uvloop' 2> /dev/null; then
    others+=(uvloop)
fi

echo "Building ..." >&2
mvn -q -Pbenchmarks -pl benchmarks -am process-classes
classpath=benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)
heap_flags=(--add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED -Xms1g -Xmx1g
    -XX:+UseSerialGC -XX:MarkSweepAlwaysCompactCount=1 -Dweft.watchdog.millis=0)
results=benchmarks/results
raw=benchmarks/target/results
rm -rf "$raw"
mkdir -p "$results" "$raw"

rows=(callSoon switchTasks createAndAwait gather futureWake post timer)
for round in $(seq "$rounds"); do
    for row in "${rows[@]}"; do
        echo "Round $round of $rounds: $row" >&2
        "${pin[@]}" "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$classpath" \
            org.openjdk.jmh.Main "LoopBenchmark.$row\$" \
            -wi "$warmup" -w 2 -i "$measure" -r 1 -prof dev.weft.benchmarks.loop.CpuTimeProfiler \
            -jvm "$java" -v SILENT -rf json -rff "$raw/$row-$round.json" > "$raw/$row-$round.log"
        for other in "${others[@]}"; do
            "${pin[@]}" "$python" benchmarks/loop.py --loop "$other" --only "$row" --seconds "$seconds" >> "$raw/python.jsonl"
        done
    done
done
echo "Memory" >&2
for carrier in handoff inline; do
    "${pin[@]}" "$java" "${heap_flags[@]}" -cp "$classpath" dev.weft.benchmarks.loop.HeapPerTask "$carrier" >> "$raw/heap.jsonl"
done
for other in "${others[@]}"; do
    "${pin[@]}" "$python" benchmarks/loop.py --loop "$other" --only heapPerTask >> "$raw/python.jsonl"
done

{
    echo "$(date -u +%Y-%m-%d) $(git describe --always --dirty 2> /dev/null || true), $("$java" -version 2>&1 | sed -n 2p), $(uname -sm)"
    "$python" benchmarks/loop_table.py "$raw"
} | tee "$results/loop.txt"
