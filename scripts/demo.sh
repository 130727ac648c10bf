#!/usr/bin/env bash
# Sets up what is missing, then runs an example flow to its end: it counts words on all cores and prints a ranked report.
set -euo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

"$root/scripts/build.sh"
exec "$root/node/packages/maxq/bin/maxq" run word-count --flows "$root/docs/examples/flows" --show-output "$@"
