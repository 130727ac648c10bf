#!/usr/bin/env bash
# Builds the container image maxq:latest with docker, podman or buildah, whichever works here.
#   --tag NAME     another name
#   NODE_IMAGE=…   in the environment: the image to build on, if not Node's own (see docker/Dockerfile)
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
source scripts/docker/engine.sh

tag=maxq:latest
while [[ $# -gt 0 ]]; do
  case $1 in
    --tag)
      [[ ${2:-} ]] || { echo 'docker-build.sh: --tag needs a name.' >&2; exit 2; }
      tag=$2
      shift 2
      ;;
    *) echo "docker-build.sh: unknown option $1. Known: --tag NAME" >&2; exit 2 ;;
  esac
done

find_builder
echo "Building $tag with $builder …"
build_image "$tag" docker/Dockerfile . ${NODE_IMAGE:+NODE_IMAGE=$NODE_IMAGE}
