#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{
  "stage": "process",
  "steps": [
    {"name": "fetch", "instances": 1},
    {"name": "transform-a", "instances": 1, "dependsOn": ["fetch"]},
    {"name": "transform-b", "instances": 1, "dependsOn": ["fetch"]},
    {"name": "merge", "instances": 1, "dependsOn": ["transform-a", "transform-b"]}
  ],
  "final": true
}
EOF
  exit 0
fi
