#!/usr/bin/env bash
# Writes database/schema.postgres.sql and database/schema.sqlite.sql anew, after a migration was added. A test compares them.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

exec node --import tsx --conditions=source scripts/dump-schema.ts
