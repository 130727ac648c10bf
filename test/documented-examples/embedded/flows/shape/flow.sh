#!/bin/bash
cat <<EOF
{
  "stage": "stage-name",
  "steps": [
    {
      "name": "step-name",
      "instances": 1,
      "dependsOn": [],
      "env": {},
      "maxRetries": 0
    }
  ],
  "final": false
}
EOF
