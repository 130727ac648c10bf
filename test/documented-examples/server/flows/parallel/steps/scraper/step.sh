#!/bin/bash
echo "$MAXQ_STEP_ID scrapes shard $SHARD"
