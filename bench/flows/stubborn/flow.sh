#!/bin/bash
# A step with a grandchild that ignores SIGTERM, and one that left the session.
echo '{"stage": "work", "final": true, "steps": [{"name": "tree"}]}'
