#!/usr/bin/env bash
# Removes what the build made and all installed dependencies. Data stays.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

rm -rf node/packages/*/dist node/packages/*/node_modules node/packages/executor/build node/packages/maxq/bundle coverage .maxq-test node_modules
