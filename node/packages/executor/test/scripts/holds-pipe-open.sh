#!/bin/bash
sleep 1000 &
echo $! >"$PIDS"
echo done
