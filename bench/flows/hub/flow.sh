#!/bin/bash
# One slow step that 2,000 others wait for.
echo '{"stage": "work", "final": true, "steps": [{"name": "slow"}, {"name": "noop", "instances": 2000, "dependsOn": ["slow"]}]}'
