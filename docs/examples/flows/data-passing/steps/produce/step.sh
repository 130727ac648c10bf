#!/bin/bash
set -eu

# 2. $MAXQ_OUTPUT: lines key=value, or JSON objects, become fields when the step exits 0. No curl needed.
echo "colour=$COLOUR" >> "$MAXQ_OUTPUT"
echo '{"weights": [1, 2.5, 4], "nested": {"deep": true}}' >> "$MAXQ_OUTPUT"

# 3. Fields, posted at once: they merge with what the step has already, key by key.
curl -fsS --retry 5 --retry-connrefused -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" \
  -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d '{"fields": {"posted": 42}}'

# 4. An artifact: a named JSON document of the run. Posting the name again replaces it.
curl -fsS --retry 5 --retry-connrefused -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts" \
  -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d "{\"name\": \"input-seen\", \"data\": $(cat "$MAXQ_INPUT")}"
