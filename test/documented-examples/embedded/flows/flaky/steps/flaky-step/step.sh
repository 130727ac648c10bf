#!/bin/bash
# Succeeds at its last chance.
echo "attempt $MAXQ_ATTEMPT"
[ "$MAXQ_ATTEMPT" -eq 4 ]
