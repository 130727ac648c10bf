#!/bin/bash
# Waits for the test's word, which is a file.
while [ ! -e "$TEST_SIGNALS/$MAXQ_RUN_ID" ]; do
  sleep 0.05
done
