#!/bin/bash
# One stage of 100 steps, each after the one before.
separator=
printf '{"stage": "work", "final": true, "steps": ['
for ((i = 0; i < 100; i++)); do
  printf '%s{"id": "c%d", "name": "noop", "dependsOn": [%s]}' "$separator" "$i" "$([[ $i -eq 0 ]] || echo "\"c$((i - 1))\"")"
  separator=', '
done
echo ']}'
