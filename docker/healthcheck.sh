#!/bin/bash
# Healthy: the server answers, at the port and address that its options name, or else its variables. FILE, /proc/1/cmdline unless named, has its command line.
# Containers that run `maxq worker` have nothing to ask; see compose.yaml.
port=${MAXQ_PORT:-${MAXQ_SERVER_PORT:-3000}} host=${MAXQ_HOST:-127.0.0.1}
mapfile -d '' -t words < "${1:-/proc/1/cmdline}"
for i in "${!words[@]}"; do
  case ${words[i]} in
    --port | -p) port=${words[i + 1]:-} ;;
    --port=*) port=${words[i]#*=} ;;
    -p*) port=${words[i]#-p} ;;
    --host) host=${words[i + 1]:-} ;;
    --host=*) host=${words[i]#*=} ;;
  esac
done
case $host in
  0.0.0.0) host=127.0.0.1 ;;
  ::) host='[::1]' ;;
  *:*) host="[$host]" ;;
esac
exec curl -fsS --globoff --noproxy '*' -o /dev/null "http://$host:$port/healthz"
