#!/bin/bash

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  # Initial call - schedule data fetch stage
  cat <<EOF
{
  "stage": "data-fetch",
  "steps": [
    {"name": "fetch-users", "instances": 1},
    {"name": "fetch-orders", "instances": 1}
  ]
}
EOF
  exit 0
fi

if [ "$MAXQ_COMPLETED_STAGE" = "data-fetch" ]; then
  # Data fetched - schedule analysis
  cat <<EOF
{
  "stage": "analysis",
  "steps": [
    {"name": "analyze-data", "instances": 1}
  ]
}
EOF
  exit 0
fi

if [ "$MAXQ_COMPLETED_STAGE" = "analysis" ]; then
  # Analysis done - final stage
  cat <<EOF
{
  "stage": "report",
  "steps": [
    {"name": "generate-report", "instances": 1}
  ],
  "final": true
}
EOF
  exit 0
fi
