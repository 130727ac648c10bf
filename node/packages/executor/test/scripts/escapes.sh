#!/bin/bash
# Leaves behind a process in a session of its own, and one of which that is true twice; then waits for GO, if given.
setsid bash -c 'setsid bash -c "echo \$\$ >$PIDS.inner; exec sleep 1000" & echo $$ >"$PIDS.outer"; exec sleep 1000' &
until [ -s "$PIDS.inner" ] && [ -s "$PIDS.outer" ]; do sleep 0.01; done
cat "$PIDS.inner" "$PIDS.outer" >"$PIDS.both"
mv "$PIDS.both" "$PIDS"
[ -z "${GO:-}" ] || read -r <"$GO"
