#!/usr/bin/env bash
# What two loops on two cores do beside one, on both carriers, without a server that could be the limit.
#
#   benchmarks/loops.sh [--quick]
#
# WEFT_CORES  the cores to pin to, as taskset has them, one for each loop (default: 0,1)
# JAVA_HOME   a JDK 25 or newer; others are looked for
set -euo pipefail
cd "$(dirname "$0")/.."
. benchmarks/find_java.sh

rounds=9 seconds=1 results=benchmarks/results/loops.txt
case "${1:-}" in
    "") ;;
    --quick) rounds=3 results=/dev/null ;;
    *) echo "usage: benchmarks/loops.sh [--quick]" >&2; exit 2 ;;
esac

java=$(find_java)
cores=${WEFT_CORES:-0,1}
loops=$(echo "$cores" | tr ',' '\n' | wc -l)
pin=()
if command -v taskset > /dev/null; then
    pin=(taskset -c "$cores")
else
    echo "loops.sh: there is no taskset here: nothing is pinned, and more cores than loops may help" >&2
fi

echo "Building ..." >&2
mvn -q -Pbenchmarks -pl benchmarks -am process-classes
classpath=benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)

{
    echo "$(date -u +%Y-%m-%d) $(git describe --always --dirty 2> /dev/null || true), $("$java" -version 2>&1 | sed -n 2p), $(uname -sm)"
    echo "1 and $loops loops on cores $cores; medians of $rounds rounds of $seconds s; load average at the start $(cut -d' ' -f1 /proc/loadavg 2> /dev/null || echo unknown)"
    echo "Thousands of operations, and what $loops loops do for one of one loop: by the wall clock, and if each had a core to itself (by CPU time)"
    printf '%-8s %-34s %9s %9s %6s %9s %9s %6s  %-12s  %s\n' "" "" "1, /s" "$loops, /s" ratio "1, /CPUs" "$loops, /CPUs" ratio "cores: 1" "$loops"
    for carrier in handoff inline; do
        "${pin[@]}" "$java" --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
            --sun-misc-unsafe-memory-access=allow -Dweft.watchdog.millis=0 -Xms1g -Xmx1g -cp "$classpath" \
            dev.weft.benchmarks.loop.LoopsScaling "$carrier" "$loops" "$rounds" "$seconds"
    done
} | tee "$results"
