#!/bin/bash
# One stage of as many steps of one second as the input says.
[[ $(<"$MAXQ_INPUT") =~ \"steps\":([0-9]+) ]] || exit 1
echo "{\"stage\": \"work\", \"final\": true, \"steps\": [{\"name\": \"sleep\", \"instances\": ${BASH_REMATCH[1]}}]}"
