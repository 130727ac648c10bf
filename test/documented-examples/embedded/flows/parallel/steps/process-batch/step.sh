#!/bin/bash
# Ends only when all ten instances run side by side.
here="$TEST_SIGNALS/$MAXQ_RUN_ID"
mkdir -p "$here"
touch "$here/$MAXQ_SEQUENCE"
until [ "$(ls "$here" | wc -l)" -eq 10 ]; do
  sleep 0.05
done
echo "$MAXQ_STEP_ID is number $MAXQ_SEQUENCE"
