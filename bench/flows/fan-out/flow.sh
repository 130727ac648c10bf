#!/bin/bash
# One stage of 1,000 steps that do nothing.
echo '{"stage": "work", "final": true, "steps": [{"name": "noop", "instances": 1000}]}'
