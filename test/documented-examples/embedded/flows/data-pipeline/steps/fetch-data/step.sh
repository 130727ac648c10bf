#!/bin/bash

# Fetch data and store as artifact
DATA='{"records": [1,2,3,4,5]}'

curl -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $MAXQ_API_KEY" \
  -d "{\"name\": \"data\", \"data\": $DATA}"
