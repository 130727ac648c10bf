# For scripts to source that take options without values: `known_options "--check" "$@"`, before they change directory.
# --help prints the comment that the script begins with; what it does not know ends it before it does anything.
# shellcheck shell=bash

known_options() {
  local known=$1 argument
  shift
  for argument in "$@"; do
    if [[ $argument == --help || $argument == -h ]]; then
      sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
      exit 0
    elif [[ " $known " != *" $argument "* ]]; then
      echo "${0##*/}: unknown option $argument. Known: ${known:+${known// /, }, }--help" >&2
      exit 2
    fi
  done
}
