#!/usr/bin/env bash
# Checks types' rules and style in all packages. --fix: corrects what can be corrected.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

./scripts/install-deps.sh
node --import tsx scripts/check-arrows.ts
exec node_modules/.bin/eslint . "$@"
