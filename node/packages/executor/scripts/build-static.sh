#!/usr/bin/env bash
# Compiles the native launcher for the npm package: static, for linux x64 and arm64, as build/maxq-launcher-linux-{x64,arm64}.
# With musl where it is installed (60 to 130 KB), else with the compiler's own C library (600 to 700 KB). Says which cannot be built, and what
# is missing, and ends with 3. On Debian all of it is:
#   dpkg --add-architecture arm64 && apt-get update && apt-get install musl-tools musl-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

flags=(-O2 -Wall -Wextra -static -s -Wl,--build-id=none)
missing=0

# What musl-gcc does, for any of Debian's cross compilers: headers, start files and library of musl, nothing of glibc's.
compile_with_musl() {
  local cc=$1 triple=$2 target=$3 lib=/usr/lib/$2
  "$cc" "${flags[@]}" -nostdinc -isystem "/usr/include/$triple" -isystem "$("$cc" -print-file-name=include)" -nostdlib -o "$target" \
    "$lib/crt1.o" "$lib/crti.o" "$("$cc" -print-file-name=crtbeginT.o)" launcher/*.c "-L$lib" \
    -Wl,--start-group -lgcc -lgcc_eh -lc -Wl,--end-group "$("$cc" -print-file-name=crtend.o)" "$lib/crtn.o"
}

# build ARCHITECTURE(Node's name) MACHINE(uname's name) PACKAGES
build() {
  local target=build/maxq-launcher-linux-$1 cc=$2-linux-gnu-gcc musl=$2-linux-musl
  if ! command -v "$cc" >/dev/null && [[ $(uname -m) == "$2" ]]; then cc=cc; fi
  rm -f "$target"
  if ! command -v "$cc" >/dev/null; then
    echo "launcher: no compiler for linux $1 ($cc). On Debian: apt-get install $3" >&2
    missing=1
  elif [[ -f /usr/lib/$musl/libc.a ]]; then
    compile_with_musl "$cc" "$musl" "$target"
  elif ! "$cc" "${flags[@]}" -o "$target" launcher/*.c; then
    echo "launcher: $cc cannot link statically for linux $1. On Debian: apt-get install $3" >&2
    missing=1
  fi
  if [[ -f $target ]]; then echo "launcher: built $target"; fi
}

mkdir -p build
build x64 x86_64 'musl-tools gcc'
build arm64 aarch64 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross (and, for a small one, dpkg --add-architecture arm64, musl-dev:arm64)'
[[ $missing == 0 ]] || exit 3
