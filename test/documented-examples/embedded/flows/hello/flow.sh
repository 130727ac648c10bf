#!/bin/bash

# When MAXQ_COMPLETED_STAGE is empty, this is the initial call
if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  # Schedule the first stage
  cat <<EOF
{
  "stage": "greet",
  "steps": [
    {"name": "say-hello", "instances": 1}
  ]
}
EOF
  exit 0
fi

# Mark as final - no more stages
cat <<EOF
{
  "final": true
}
EOF
