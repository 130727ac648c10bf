#!/usr/bin/env bash
# Writes the pages of docs/ that are made from the source. --check: only says which are out of date.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--check" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/install-deps.sh
exec node --import tsx --conditions=source scripts/render-docs.ts "$@"
