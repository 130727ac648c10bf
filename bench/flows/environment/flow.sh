#!/bin/bash
# One step that prints its environment.
echo '{"stage": "work", "final": true, "steps": [{"name": "show"}]}'
