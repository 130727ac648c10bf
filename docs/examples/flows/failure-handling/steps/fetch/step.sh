#!/bin/bash
# MAXQ_ATTEMPT counts from 1. A real step would fail because its source is away; this one pretends for two attempts.
set -eu

if [ "$MAXQ_ATTEMPT" -lt 3 ]; then
  echo "attempt $MAXQ_ATTEMPT: the source does not answer" >&2
  exit 1
fi
echo "attempt $MAXQ_ATTEMPT: fetched"
