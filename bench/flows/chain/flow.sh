#!/bin/bash
# One stage of as many steps as the input says, each after the one before.
[[ $(<"$MAXQ_INPUT") =~ \"steps\":([0-9]+) ]] || exit 1
printf '{"stage": "work", "final": true, "steps": [{"id": "c0", "name": "noop"}'
for ((i = 1; i < BASH_REMATCH[1]; i++)); do
  printf ', {"id": "c%d", "name": "noop", "dependsOn": ["c%d"]}' "$i" "$((i - 1))"
done
echo ']}'
