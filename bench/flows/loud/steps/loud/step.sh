#!/bin/bash
# Prints 100,000 bytes; into a file where BENCH_OUTPUT_FOLDER says where, as it does beside MaxQ.
[[ -z $BENCH_OUTPUT_FOLDER ]] || exec >"$BENCH_OUTPUT_FOLDER/$1"
printf '%99999s\n' .
