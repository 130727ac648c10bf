#!/usr/bin/env bash
# Builds and measures; see bench/main.ts for the options (--rounds N, --smoke, --write). `workers` measures many workers on one database instead (bench/workers.ts).
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/build.sh
if [[ ${1:-} == workers ]]; then
  exec node --import tsx --conditions=source bench/workers.ts
fi
exec node --import tsx --conditions=source bench/main.ts "$@"
