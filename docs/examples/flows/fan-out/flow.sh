#!/bin/bash
# title: Fan out and merge
# description: One step deals out the work, eight instances do it side by side, one step merges what they found.
#
# "dependsOn" takes names: "square" means every instance of square, so sum starts when the last of the eight has completed.
set -eu

[ -z "$MAXQ_COMPLETED_STAGE" ] || exit 0

cat <<EOF
{
  "stage": "squares",
  "steps": [
    {"name": "deal"},
    {"name": "square", "instances": 8, "dependsOn": ["deal"]},
    {"name": "sum", "dependsOn": ["square"]}
  ],
  "final": true
}
EOF
