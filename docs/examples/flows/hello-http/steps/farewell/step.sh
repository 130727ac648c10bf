#!/bin/bash
# Reads what an earlier step posted.
set -eu

echo "The greeting left these fields:"
curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $MAXQ_API_KEY" \
  "$MAXQ_API/runs/$MAXQ_RUN_ID/fields?stepId=greet-step"
echo "Goodbye, World!"
