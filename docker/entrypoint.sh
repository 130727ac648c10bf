#!/bin/bash
# What the container starts: maxq with the arguments given (none: the server), or another program if one is named.
set -euo pipefail

case ${1:-} in
  bash | sh | node | /*) exec "$@" ;;
esac

# mustBeWritable FOLDER: says what to do, instead of failing somewhere later.
must_be_writable() {
  [[ ! -d $1 || -w $1 ]] && return
  local owner
  owner=$(stat -c %u:%g "$1")
  cat >&2 <<END
maxq: $1 belongs to $owner, and this container runs as $(id -u):$(id -g), which cannot write there. Do one of these:
  - run the container as its owner:          docker run --user $owner …
  - give the folder to the container's user: chown -R $(id -u):$(id -g) FOLDER (the one on the host that is mounted at $1)
END
  exit 1
}

must_be_writable "${MAXQ_DATA_DIR:-/data}"
if [[ -z ${MAXQ_DATABASE_URL:-}${MAXQ_DATABASE_URL_FILE:-} && -n ${MAXQ_SQLITE_PATH:-} ]]; then
  must_be_writable "$(dirname "$MAXQ_SQLITE_PATH")"
fi

exec /opt/maxq/bin/maxq "$@"
