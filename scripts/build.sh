#!/usr/bin/env bash
# Checks and builds all packages, the launcher, and the bundle that users run; installs dependencies first where that is due.
#   --install   reinstalls the dependencies even if they look current
#   --migrate   then brings the schema of the configured database up to date
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/paths.sh"
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--install --migrate" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

force='' migrate=''
for argument in "$@"; do
  case $argument in
    --install) force=--force ;;
    --migrate) migrate=yes ;;
  esac
done

./scripts/install-deps.sh $force
node_modules/.bin/tsc -b
./node/packages/executor/scripts/build-launcher.sh
node scripts/bundle/main.mjs
if [[ $migrate ]]; then
  node/packages/maxq/bin/maxq migrate
fi
