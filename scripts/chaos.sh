#!/usr/bin/env bash
# Builds, puts a load on three workers and kills, stops, cuts and fills what a seed says: see docs/reliability.md.
#   --seed N | --seeds A,B,C   --minutes M (each; 20)   --width RUNS (open at a time; 12)   --write (figures into the docs)
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--seed= --seeds= --minutes= --width= --write" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/build.sh
exec node --import tsx --conditions=source test/chaos/main.ts "$@"
