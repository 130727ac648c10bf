#!/bin/bash
set -eu

get() { curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $MAXQ_API_KEY" "$MAXQ_API/runs/$MAXQ_RUN_ID/$1"; }

echo "fields of the producer:"
get "fields?stepId=producer"
echo "the artifact:"
get "artifacts/input-seen"
