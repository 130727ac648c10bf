#!/bin/bash
# Ten steps that end when they are told to.
echo '{"stage": "work", "final": true, "steps": [{"name": "sleep", "instances": 10}]}'
