#!/bin/bash
# title: Passing data
# description: Input, fields, artifacts and $MAXQ_OUTPUT, the four ways in which data moves through a run.
#
# A flow may write its stage document to $MAXQ_OUTPUT instead of stdout. Then everything on stdout is log.
set -eu

[ -z "$MAXQ_COMPLETED_STAGE" ] || exit 0

# 1. Input: MAXQ_INPUT is a file that holds the run's input as JSON, for the flow and for every step.
echo "the input is $(cat "$MAXQ_INPUT")"

cat > "$MAXQ_OUTPUT" <<EOF
{
  "stage": "pass",
  "steps": [
    {"id": "producer", "name": "produce", "env": {"COLOUR": "green"}},
    {"id": "consumer", "name": "consume", "dependsOn": ["producer"]}
  ],
  "final": true
}
EOF
