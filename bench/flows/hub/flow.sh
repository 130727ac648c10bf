#!/bin/bash
# One slow step, and as many that wait for it as the input says.
[[ $(<"$MAXQ_INPUT") =~ \"steps\":([0-9]+) ]] || exit 1
echo "{\"stage\": \"work\", \"final\": true, \"steps\": [{\"name\": \"slow\"}, {\"name\": \"noop\", \"instances\": ${BASH_REMATCH[1]}, \"dependsOn\": [\"slow\"]}]}"
