#!/bin/bash
# Adds up what the instances counted, checks the totals against wc over everything, and prints the ranking.
set -euo pipefail
export LC_ALL=C

field() {
  curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $MAXQ_API_KEY" \
    "$MAXQ_API/runs/$MAXQ_RUN_ID/fields?fieldName=$1"
}
total() { field "$1" | grep -oE "\"$1\": *[0-9]+" | awk -F: '{ sum += $2 } END { print sum + 0 }'; }

files=$(total files) lines=$(total lines) words=$(total words) bytes=$(total bytes)
if [ "$words" -eq 0 ]; then
  echo "there are no words in the files below $DIRECTORY" >&2
  exit 1
fi

# Nothing but the counts has a "=" in the answer, so no JSON parser is needed.
ranking=$(field counts | tr -c 'a-z0-9=' '\n' | grep -E '^[a-z]+=[0-9]+$' |
  awk -F= '{ n[$1] += $2 } END { for (word in n) print n[word], word }' | sort -k1,1nr -k2 | awk -v top="$TOP" 'NR <= top')

echo "$DIRECTORY: $files files, $lines lines, $words words, $bytes bytes"
echo "$ranking" | awk '{ printf "%4d. %-20s %8d\n", NR, $2, $1 }'

read -r wc_lines wc_words wc_bytes <<< "$(find "$DIRECTORY" -type f | sort | tr '\n' '\0' | xargs -0 cat | wc)"
if [ "$lines $words $bytes" != "$wc_lines $wc_words $wc_bytes" ]; then
  echo "the parts do not add up: wc counts $wc_lines lines, $wc_words words, $wc_bytes bytes" >&2
  exit 1
fi
echo "wc over all files at once counts the same."

# The run's output, for programs.
top_words=$(echo "$ranking" | awk '{ printf "%s{\"word\": \"%s\", \"count\": %d}", (NR > 1 ? ", " : ""), $2, $1 }')
curl -fsS --retry 5 --retry-connrefused -o /dev/null -X PATCH "$MAXQ_API/runs/$MAXQ_RUN_ID" \
  -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d "{\"output\": {\"files\": $files, \"lines\": $lines, \"words\": $words, \"bytes\": $bytes, \"top\": [$top_words]}}"
