#!/usr/bin/env bash
# Compiles the native launcher, unless it is up to date. Without a C compiler MaxQ runs with the Node launcher.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=build/maxq-launcher
stamp=build/maxq-launcher.sha256
compiler=${CC:-cc}
flags=(-O2 -Wall -Wextra)

if [[ $(uname -s) != Linux ]]; then
  echo "launcher: not on Linux, the Node launcher will be used"
  exit 0
fi
if ! command -v "$compiler" >/dev/null; then
  echo "launcher: no C compiler ($compiler) found, the Node launcher will be used"
  exit 0
fi

wanted=$({ echo "$compiler ${flags[*]} $(uname -m)"; cat launcher/*.h launcher/*.c; } | sha256sum)
if [[ -x $target && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi

mkdir -p build
"$compiler" "${flags[@]}" -o "$target.$$" launcher/*.c
mv "$target.$$" "$target" # at once: a server that runs keeps the old file
echo "$wanted" >"$stamp"
echo "launcher: built $target"
