#!/bin/bash
echo '{"stage": "work", "final": true, "steps": [{"name": "noop"}]}'
