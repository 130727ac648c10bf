#!/bin/bash
# title: Word count
# description: Splits a folder of texts over several instances, counts their words, merges, and prints a ranking.
#
# Input, all optional: {"directory": "/absolute/path", "parts": 4, "top": 20}
set -eu

if [ -n "$MAXQ_COMPLETED_STAGE" ]; then
  exit 0
fi

# Plain strings and numbers are read well enough by sed; for anything richer use jq.
text_of() { sed -n 's/.*"'"$1"'": *"\([^"\\]*\)".*/\1/p' "$MAXQ_INPUT"; }
number_of() { sed -n 's/.*"'"$1"'": *\([0-9][0-9]*\).*/\1/p' "$MAXQ_INPUT"; }

# Without a directory: the licence texts of the system, else the documentation of this project.
directory=$(text_of directory)
for candidate in "$directory" /usr/share/common-licenses "$PWD/../../.."; do
  [ -n "$candidate" ] || continue
  if [ -d "$candidate" ]; then
    directory=$(cd "$candidate" && pwd -P)
    break
  fi
  echo "there is no directory $candidate" >&2
  # Never count something else than what was asked for.
  [ "$candidate" != "$directory" ] || exit 1
done

parts=$(number_of parts)
top=$(number_of top)
env="{\"DIRECTORY\": \"$directory\", \"PARTS\": \"${parts:-4}\", \"TOP\": \"${top:-20}\"}"

echo "counting the words of $directory in ${parts:-4} parts"
cat <<EOF
{
  "stage": "count",
  "steps": [
    {"name": "count", "instances": ${parts:-4}, "env": $env},
    {"name": "merge", "dependsOn": ["count"], "env": $env}
  ],
  "final": true
}
EOF
