#!/bin/bash
# title: Hello on stdout
# description: One stage, scheduled by printing a JSON document. No curl, no key.
#
# The document takes effect when this script exits 0. What is printed before it is log.
set -eu

echo "called after stage '${MAXQ_COMPLETED_STAGE}'"

if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  cat <<EOF
{
  "stage": "greet",
  "steps": [{"name": "say-hello", "instances": 1}]
}
EOF
  exit 0
fi

# Nothing follows: the run is complete.
echo '{"final": true, "output": {"greeted": true}}'
