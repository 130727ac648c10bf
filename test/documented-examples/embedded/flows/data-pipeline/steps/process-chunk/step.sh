#!/bin/bash

# Each instance processes one chunk
echo "Processing chunk $MAXQ_SEQUENCE"

# Store result
curl -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d "{\"name\": \"chunk-$MAXQ_SEQUENCE\", \"data\": {\"result\": $MAXQ_SEQUENCE}}"
