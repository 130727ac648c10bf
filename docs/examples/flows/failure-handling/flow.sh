#!/bin/bash
# title: When steps fail
# description: Retries with backoff, a failed stage handled by the flow, and a run that recovers.
#
# After a stage failed, MAXQ_FAILED_STAGE names it; MAXQ_COMPLETED_STAGE is still the last one that completed.
set -eu

if [ "$MAXQ_FAILED_STAGE" = deliver ]; then
  # With "recover", the failure counts as handled once this stage completes, and the run goes on.
  # Without it, the stage would still run (a clean-up, an alert), and the run would end failed.
  echo '{"stage": "fallback", "recover": true, "steps": [{"name": "keep-for-later"}]}'
  exit 0
fi

# A failure that nobody handles: exit non-zero, and the run fails with this message as its reason.
if [ -n "$MAXQ_FAILED_STAGE" ]; then
  echo "stage $MAXQ_FAILED_STAGE failed and there is no plan for that" >&2
  exit 1
fi

case "$MAXQ_COMPLETED_STAGE" in
  "")
    # Fails twice, is tried again after about 50 and 100 ms, and succeeds.
    echo '{"stage": "fetch", "steps": [{"name": "fetch", "maxRetries": 3, "retryDelayMs": 50, "retryBackoff": "exponential"}]}' ;;
  fetch)
    echo '{"stage": "deliver", "steps": [{"name": "deliver", "maxRetries": 1}]}' ;;
  deliver | fallback)
    echo '{"stage": "report", "steps": [{"name": "report"}], "final": true}' ;;
esac
