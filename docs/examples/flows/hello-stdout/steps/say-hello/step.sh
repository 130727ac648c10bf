#!/bin/bash
set -eu

echo "Hello from MaxQ: step $MAXQ_STEP_ID of run $MAXQ_RUN_ID"
