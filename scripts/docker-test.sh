#!/usr/bin/env bash
# Builds the image with whatever engine works here (docker, podman, buildah; it says which) and tries what docs/deployment/container.md promises:
# SQLite, PostgreSQL with several containers, drain, compose.yaml. Leaves the images, nothing else.
#   --no-build   tries the image that is there
# Where images cannot be pulled it makes stand-ins of Debian's packages; that needs root and debootstrap.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/settings/options.sh"
known_options "--no-build" "$@"
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=/dev/null
for part in engine stand-in checks postgres-checks; do source "scripts/docker/$part.sh"; done

tag=maxq:latest prefix=maxq-test-$$ mark=$((100000 + $$)) flows=$PWD/docs/examples/flows
port=$((20000 + $$ % 20000)) composed=() engine=''
scratch=$(mktemp -d)
chmod 755 "$scratch"

clean_up() {
  local code=$?
  if [[ $engine ]]; then
    [[ ${#composed[@]} -eq 0 ]] || "${composed[@]}" down -v > /dev/null 2>&1 || true
    for name in $("$engine" ps -a --format '{{.Names}}' 2> /dev/null | grep "^$prefix" || true); do
      [[ $code == 0 ]] || { echo "── log of $name"; "$engine" logs "$name" 2>&1 | tail -5; }
      "$engine" rm -f -v "$name" > /dev/null 2>&1 || true
    done
    "$engine" network rm "$prefix" > /dev/null 2>&1 || true
  fi
  rm -rf "$scratch"
}
trap clean_up EXIT

find_builder
echo "Engine: $($builder --version)"
find_node_image
# Without namespaces images can still be built.
find_runner "$node_image" || export BUILDAH_ISOLATION=chroot
if [[ ${1:-} != --no-build ]]; then
  NODE_IMAGE=$node_image ./scripts/docker-build.sh --tag "$tag" > "$scratch/build.log" 2>&1 || { tail -30 "$scratch/build.log"; exit 1; }
fi
echo "Image: $("$builder" images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -m1 "$tag")"
[[ $engine ]] || { echo 'The image was built; nothing that follows can be tried here.' >&2; exit 3; }
find_postgres_image

check_image
check_sqlite "$port"
check_health
check_stop "$((port + 1))"
check_postgres "$((port + 2))"
check_compose "$((port + 5))"
echo 'The image does what its page says.'
