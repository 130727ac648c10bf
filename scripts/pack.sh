#!/usr/bin/env bash
# Makes maxq-VERSION.tgz here: the npm package with everything that MaxQ needs. Install it with `npm i ./maxq-VERSION.tgz`.
#   --out FOLDER   puts it there instead
#   --built        packs what is built, without building it again
#   --complete     fails where a static launcher cannot be built; else it says so, and those machines use the Node launcher
set -euo pipefail
started_from=$PWD
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

out=$PWD complete='' built=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --out)
      [[ ${2:-} ]] || { echo 'pack.sh: --out needs a folder.' >&2; exit 2; }
      out=$2
      [[ $out == /* ]] || out=$started_from/$out
      shift 2
      ;;
    --complete) complete=yes; shift ;;
    --built) built=yes; shift ;;
    *) echo "pack.sh: unknown option $1. Known: --out FOLDER, --built, --complete" >&2; exit 2 ;;
  esac
done

[[ $built ]] || ./scripts/build.sh
if ! ./node/packages/executor/scripts/build-static.sh; then
  [[ ! $complete ]] || { echo 'pack.sh: the package would lack a launcher; see above for what to install.' >&2; exit 3; }
  echo 'pack.sh: going on without it: MaxQ uses the Node launcher there.' >&2
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
node scripts/pack/stage.mjs "$stage"
mkdir -p "$out"
tarball=$(npm pack "$stage" --pack-destination "$out" --silent)
echo "$out/$tarball"
