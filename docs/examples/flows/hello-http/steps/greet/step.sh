#!/bin/bash
# Exit 0 is success, anything else is failure. What the step found out it posts as fields, for other steps to read.
set -eu

echo "Hello, World!"

curl -fsS --retry 5 --retry-connrefused -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" \
  -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d "{\"fields\": {\"message\": \"Hello, World!\", \"timestamp\": $(date +%s)}}"
