#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  # Stage 1: Fetch data from API
  cat <<EOF
{
  "stage": "fetch",
  "steps": [
    {"name": "fetch-data", "instances": 1}
  ]
}
EOF
  exit 0
fi

if [ "$MAXQ_COMPLETED_STAGE" = "fetch" ]; then
  # Stage 2: Process in parallel
  cat <<EOF
{
  "stage": "process",
  "steps": [
    {"name": "process-chunk", "instances": 5}
  ]
}
EOF
  exit 0
fi

if [ "$MAXQ_COMPLETED_STAGE" = "process" ]; then
  # Stage 3: Aggregate results
  cat <<EOF
{
  "stage": "aggregate",
  "steps": [
    {"name": "aggregate-results", "instances": 1}
  ],
  "final": true
}
EOF
  exit 0
fi
