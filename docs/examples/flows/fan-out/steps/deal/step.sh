#!/bin/bash
# Lines key=value in $MAXQ_OUTPUT become this step's fields when it exits 0.
set -eu

echo "offset=100" >> "$MAXQ_OUTPUT"
