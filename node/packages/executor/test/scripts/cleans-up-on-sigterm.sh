#!/bin/bash
trap 'echo cleaned up; exit 7' TERM
echo ready
sleep 1000 &
wait
