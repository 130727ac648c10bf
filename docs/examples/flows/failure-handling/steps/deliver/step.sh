#!/bin/bash
# Never works: after its one retry the stage fails, and the flow is called with MAXQ_FAILED_STAGE=deliver.
echo "attempt $MAXQ_ATTEMPT: the receiver refuses" >&2
exit 22
