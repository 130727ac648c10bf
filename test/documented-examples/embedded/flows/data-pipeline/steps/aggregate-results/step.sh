#!/bin/bash

# Fetch all chunk results
for i in {0..4}; do
  curl "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts/chunk-$i"
done

echo "Aggregation complete"
