#!/bin/bash
# Has a child in its group, one in a session of its own, and ignores SIGTERM; writes the pids of all three.
trap '' TERM
sleep 1000 &
child=$!
setsid bash -c 'echo $$ >"$PIDS.escaped"; exec sleep 1000' &
until [ -s "$PIDS.escaped" ]; do sleep 0.01; done
echo "$$ $child $(cat "$PIDS.escaped")" >"$PIDS"
echo ready
wait
