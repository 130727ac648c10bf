#!/bin/bash
# Steps of a tenth of a second: as many as the input's `steps`, or `chains` chains of `length` each.
input=$(<"$MAXQ_INPUT")
printf '{"stage": "work", "final": true, "steps": ['
if [[ $input =~ \"steps\":([0-9]+) ]]; then
  printf '{"name": "wait", "instances": %d}' "${BASH_REMATCH[1]}"
else
  [[ $input =~ \"chains\":([0-9]+),\"length\":([0-9]+) ]] || exit 1
  chains=${BASH_REMATCH[1]} length=${BASH_REMATCH[2]} comma=
  for ((c = 0; c < chains; c++)); do
    printf '%s{"id": "c%d_0", "name": "wait"}' "$comma" "$c"
    comma=', '
    for ((i = 1; i < length; i++)); do
      printf ', {"id": "c%d_%d", "name": "wait", "dependsOn": ["c%d_%d"]}' "$c" "$i" "$c" "$((i - 1))"
    done
  done
fi
echo ']}'
