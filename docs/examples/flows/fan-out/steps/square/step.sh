#!/bin/bash
# Each instance has a number of its own: MAXQ_SEQUENCE is 0 to 7.
set -eu

echo "square of $MAXQ_SEQUENCE is $((MAXQ_SEQUENCE * MAXQ_SEQUENCE))"
echo "square=$((MAXQ_SEQUENCE * MAXQ_SEQUENCE))" >> "$MAXQ_OUTPUT"
