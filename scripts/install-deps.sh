#!/usr/bin/env bash
# Installs the dependencies of all packages, exactly as the lockfile says.
# Does nothing if that was done already for this lockfile. --force: removes what is installed and does it anyway.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--force" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
  echo "MaxQ needs Node.js 20.19 or newer; found: $(node --version 2>&1 || true). See https://nodejs.org" >&2
  exit 1
fi

stamp=node_modules/.maxq-installed
wanted=$(cksum package-lock.json package.json node/packages/*/package.json)
if [[ "${1:-}" != --force && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi

echo "Installing dependencies …"
npm ci --no-audit --no-fund --loglevel=error
printf '%s\n' "$wanted" > "$stamp"
