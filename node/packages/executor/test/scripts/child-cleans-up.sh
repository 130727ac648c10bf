#!/bin/bash
# Dies of SIGTERM at once, while a child of its group needs a moment to clean up.
bash -c 'trap "sleep 0.2; echo child cleaned up; exit" TERM; echo ready; while :; do sleep 0.05; done' &
wait
