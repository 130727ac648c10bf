#!/bin/bash
# Healthy: the server answers. Containers that run `maxq worker` have nothing to ask; see compose.yaml.
exec curl -fsS -o /dev/null "http://127.0.0.1:${MAXQ_PORT:-${MAXQ_SERVER_PORT:-3000}}/healthz"
