#!/bin/bash

if [ -n "$MAXQ_FAILED_STAGE" ]; then
  echo "Stage $MAXQ_FAILED_STAGE failed"
  # Perform cleanup or error handling
  exit 1
fi

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{"stage": "work", "final": true, "steps": [
{
  "name": "flaky-step",
  "instances": 1,
  "maxRetries": 3
}
]}
EOF
fi
