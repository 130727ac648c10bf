#!/bin/bash
# One stage of as many steps that print 100,000 bytes as the input says.
[[ $(<"$MAXQ_INPUT") =~ \"steps\":([0-9]+) ]] || exit 1
echo "{\"stage\": \"work\", \"final\": true, \"steps\": [{\"name\": \"loud\", \"instances\": ${BASH_REMATCH[1]}}]}"
