#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{
  "stage": "parallel-processing",
  "steps": [{ "name": "process-batch", "instances": 10 }]
}
EOF
fi
