#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{"stage": "wait", "steps": [{"name": "quick"}, {"name": "until-told", "dependsOn": ["quick"]}, {"name": "after", "dependsOn": ["until-told"]}], "final": true}
EOF
fi
