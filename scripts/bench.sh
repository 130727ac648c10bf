#!/usr/bin/env bash
# Builds and measures; see bench/main.ts for the options (--rounds N, --smoke, --write).
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/build.sh
exec node --import tsx --conditions=source bench/main.ts "$@"
