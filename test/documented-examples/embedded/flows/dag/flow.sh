#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{
  "stage": "processing",
  "steps": [
    { "name": "step-a", "instances": 1 },
    { "name": "step-b", "instances": 1, "dependsOn": ["step-a"] },
    { "name": "step-c", "instances": 1, "dependsOn": ["step-a"] },
    { "name": "step-d", "instances": 1, "dependsOn": ["step-b", "step-c"] }
  ]
}
EOF
fi
