#!/usr/bin/env bash
# HTTP clients side by side: builds them, and runs http_driver.py.
#
#   benchmarks/http.sh [--quick] [--part WORK,...] [--only CONTENDER,...] [--rounds N]
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Building ..." >&2
mvn -q -Pbenchmarks -pl benchmarks -am process-classes
exec "${PYTHON:-python3}" benchmarks/http_driver.py "$@"
