#!/bin/bash
# Counts one part of the files: every PARTS-th of the sorted list, beginning with number MAXQ_SEQUENCE.
set -euo pipefail
export LC_ALL=C

my_files() { find "$DIRECTORY" -type f | sort | awk -v parts="$PARTS" -v mine="$MAXQ_SEQUENCE" '(NR - 1) % parts == mine'; }
my_text() { my_files | tr '\n' '\0' | xargs -0 cat; }

files=$(my_files | wc -l)
read -r lines words bytes <<< "$(my_text | wc)"

# One word a line, lower case, letters only; then "the=123 of=98 ...". What has no letter at all counts as "0".
counts=$(my_text | tr -s '[:space:]' '\n' | tr '[:upper:]' '[:lower:]' |
  awk '/./ { gsub(/[^a-z]/, ""); n[$0 == "" ? "0" : $0]++ } END { for (word in n) printf "%s=%d ", word, n[word] }')

echo "{\"files\": $files, \"lines\": $lines, \"words\": $words, \"bytes\": $bytes}" >> "$MAXQ_OUTPUT"
echo "counts=$counts" >> "$MAXQ_OUTPUT"
echo "part $MAXQ_SEQUENCE: $((files)) files, $words words"
