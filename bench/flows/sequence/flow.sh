#!/bin/bash
# As many stages of one step as the input says, one after the other.
[[ $(<"$MAXQ_INPUT") =~ \"stages\":([0-9]+) ]] || exit 1
number=$((${MAXQ_COMPLETED_STAGE#s} + 1))
final=false
[[ $number -lt ${BASH_REMATCH[1]} ]] || final=true
echo "{\"stage\": \"s$number\", \"final\": $final, \"steps\": [{\"name\": \"noop\"}]}"
