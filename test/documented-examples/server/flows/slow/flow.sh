#!/bin/bash
set -e

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  curl -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" \
    -H "Content-Type: application/json" \
    -d '{"stage": "wait", "final": true, "steps": [{"id": "first", "name": "quick"}, {"id": "second", "name": "until-told", "dependsOn": ["first"]}]}'
fi
