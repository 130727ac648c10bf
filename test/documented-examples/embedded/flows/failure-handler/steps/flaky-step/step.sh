#!/bin/bash
# Fails until a test says otherwise.
echo "attempt $MAXQ_ATTEMPT"
[ -e "$TEST_SIGNALS/$MAXQ_RUN_ID" ]
