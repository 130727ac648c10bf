#!/bin/bash
# One request fetches the field of all eight instances.
set -eu

fields() {
  curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $MAXQ_API_KEY" \
    "$MAXQ_API/runs/$MAXQ_RUN_ID/fields?fieldName=$1"
}

# The answer is JSON; a number after the field's name is all that is needed of it (jq would do as well).
numbers_of() { fields "$1" | grep -oE "\"$1\": *\"?[0-9]+" | grep -oE '[0-9]+$'; }

sum=$(numbers_of offset)
for square in $(numbers_of square); do
  sum=$((sum + square))
done

echo "sum=$sum" >> "$MAXQ_OUTPUT"
echo "offset and eight squares make $sum"
