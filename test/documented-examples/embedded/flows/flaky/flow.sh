#!/bin/bash

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
