#!/usr/bin/env bash
# Builds and measures: `./scripts/bench.sh --help` says what. Cases are the files of bench/cases.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/build.sh
exec node --import tsx --conditions=source bench/main.ts "$@"
