#!/bin/bash
# title: Hello over HTTP
# description: Two stages, each scheduled by a request to MaxQ's API.
#
# MaxQ calls this script at the start of a run, and again after each stage. MAXQ_COMPLETED_STAGE says which one it was.
set -eu

# -f makes curl fail when MaxQ refuses, so that this script fails too; --retry rides out a server that is just restarting.
schedule() {
  curl -fsS --retry 5 --retry-connrefused -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" \
    -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" -d "$1"
}

case "$MAXQ_COMPLETED_STAGE" in
  "")       schedule '{"stage": "greeting", "steps": [{"id": "greet-step", "name": "greet"}]}' ;;
  greeting) schedule '{"stage": "farewell", "steps": [{"id": "farewell-step", "name": "farewell"}], "final": true}' ;;
esac
