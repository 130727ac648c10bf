#!/usr/bin/env bash
# Formats all sources. --check: only says which are not formatted.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--check" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/install-deps.sh
if [[ "${1:-}" == --check ]]; then
  exec node_modules/.bin/prettier --check .
fi
exec node_modules/.bin/prettier --write --log-level warn .
