# For scripts to source: `known_options "--check --seed=" "$@"`, before they change directory. What ends with = takes a value, as the next word.
# --help prints the comment that the script begins with; what it does not know ends it before it does anything.
# shellcheck shell=bash

known_options() {
  local known=$1 names=${1//=/}
  shift
  while [[ $# -gt 0 ]]; do
    if [[ $1 == --help || $1 == -h ]]; then
      sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
      exit 0
    elif [[ " $known " == *" $1= "* ]]; then
      [[ ${2:-} ]] || { echo "${0##*/}: $1 needs a value." >&2; exit 2; }
      shift 2
    elif [[ " $known " == *" $1 "* ]]; then
      shift
    else
      echo "${0##*/}: unknown option $1. Known: ${names:+${names// /, }, }--help" >&2
      exit 2
    fi
  done
}
