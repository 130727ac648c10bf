#!/bin/bash
# Leaves behind a process that nothing ties to it: own session, empty environment.
env -i /usr/bin/setsid /bin/bash -c 'echo $$ >'"$PIDS"'; exec /bin/sleep 1000' &
until [ -s "$PIDS" ]; do sleep 0.01; done
