# For scripts to source: which container engine works here.
# shellcheck shell=bash

# Sets builder to docker, podman or buildah; ends the script where none works.
find_builder() {
  if docker info > /dev/null 2>&1; then builder=docker
  elif command -v podman > /dev/null; then builder=podman
  elif command -v buildah > /dev/null; then builder=buildah
  else
    echo 'No container engine works here: start Docker, or install podman or buildah (on Debian: apt-get install podman).' >&2
    exit 3
  fi
}

# build_image TAG DOCKERFILE CONTEXT [NAME=VALUE of a build argument …]
# Docker's format: that of OCI has no health checks.
build_image() {
  local tag=$1 file=$2 context=$3 arguments=() pair
  shift 3
  for pair in "$@"; do arguments+=(--build-arg "$pair"); done
  case $builder in
    docker) docker build -t "$tag" -f "$file" ${arguments[@]+"${arguments[@]}"} "$context" ;;
    podman) podman build --format docker -t "$tag" -f "$file" ${arguments[@]+"${arguments[@]}"} "$context" ;;
    buildah) buildah build --format docker -t "$tag" -f "$file" ${arguments[@]+"${arguments[@]}"} "$context" ;;
  esac
}

# Sets engine to docker or podman, whichever runs containers, given an image with `true` in it. 1: it builds images only, and has said why.
# Podman gets a configuration of its own where this machine allows less than it asks for by itself: limits, or crun on mixed cgroups.
find_runner() {
  local image=$1
  if [[ $builder != buildah ]] && "$builder" run --rm "$image" true > /dev/null 2>&1; then engine=$builder; return; fi
  if [[ $builder == podman ]] && command -v runc > /dev/null; then
    printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\n' \
      "$(ulimit -Hn)" "$(ulimit -Hn)" > "$scratch/containers.conf"
    export CONTAINERS_CONF=$scratch/containers.conf
    if podman run --rm "$image" true > /dev/null 2>&1; then
      echo "podman runs containers here with runc and this shell's limits only."
      engine=podman
      return
    fi
  fi
  echo "$builder runs no containers here:" >&2
  "$builder" run --rm "$image" true >&2 || true
  return 1
}
