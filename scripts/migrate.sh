#!/usr/bin/env bash
# For work on migrations, on the database that the server would use (MAXQ_DATABASE_URL, else SQLite). Stop its servers first.
#   status      which have run, which are missing
#   make NAME   a new one from database/migration.stub, with the next number
#   latest      runs what is missing (servers do so by themselves)
#   rollback    undoes the last one, with the data that only it has room for
# The npm commands migrate:maxq:status, …:make, …:latest and …:rollback call this.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/paths.sh"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

make() {
  local name=$1 last number file
  if [[ ! $name =~ ^[a-z0-9]+([_-][a-z0-9]+)*$ ]]; then
    echo "migrate.sh: a migration's name is small letters, digits, _ and -, as in add_owner; not \"$name\"." >&2
    exit 2
  fi
  last=$(basename "$(printf '%s\n' database/migrations/[0-9]*.mjs | sort | tail -1)")
  number=$((10#${last%%_*} + 1))
  file=$(printf 'database/migrations/%03d_%s.mjs' "$number" "${name//-/_}")
  cp database/migration.stub "$file"
  echo "Made $file. Fill it in, then run npm run migrate:maxq:latest, and ./scripts/dump-schema.sh."
}

knex() {
  # The knexfile takes the databases' configuration from the built packages.
  [[ -f node/packages/db-sqlite/dist/index.js && -x node_modules/.bin/knex ]] || ./scripts/build.sh >&2
  exec node_modules/.bin/knex "$@"
}

case ${1:-} in
  status) knex migrate:status ;;
  make)
    [[ ${2:-} ]] || { echo 'migrate.sh: make needs a name, as in npm run migrate:maxq:make add_owner.' >&2; exit 2; }
    make "$2"
    ;;
  latest) knex migrate:latest ;;
  rollback) knex migrate:down ;;
  *) echo "migrate.sh: unknown action \"${1:-}\". Known: status, make NAME, latest, rollback" >&2; exit 2 ;;
esac
