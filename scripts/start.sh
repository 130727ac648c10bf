#!/usr/bin/env bash
# Starts the server; arguments are those of `maxq`. Builds first if nothing is built yet.
# Without settings: SQLite in data/ of this checkout, and the example flows unless there is ./flows.
set -euo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/settings/paths.sh"

if [[ ! -f $root/node/packages/maxq/bundle/main.js ]]; then
  "$root/scripts/build.sh" >&2
fi
if [[ -z ${MAXQ_FLOWS_ROOT:-} && ! -d flows ]]; then
  export MAXQ_FLOWS_ROOT=$root/docs/examples/flows
fi
export MAXQ_DATA_DIR=${MAXQ_DATA_DIR:-$root/data}

# exec: signals reach the engine itself, so that it drains.
exec "$root/node/packages/maxq/bin/maxq" "$@"
