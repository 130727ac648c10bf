# For docker-test.sh to source: the image on PostgreSQL, in several containers.
# shellcheck shell=bash

check_postgres() {
  local port=$1 key url=postgresql://maxq:secret@$prefix-postgres/maxq
  say 'PostgreSQL: three servers start at once on an empty database'
  "$engine" network create "$prefix" > /dev/null
  "$engine" run -d --name "$prefix-postgres" --network "$prefix" -e POSTGRES_USER=maxq -e POSTGRES_PASSWORD=secret -e POSTGRES_DB=maxq "$postgres_image" > /dev/null 2>&1
  until_ok 60 "$engine" exec "$prefix-postgres" psql -h 127.0.0.1 "postgresql://maxq:secret@127.0.0.1/maxq" -c 'select 1'
  start first --network "$prefix" -p "$port:3000" -e MAXQ_DATABASE_URL="$url" -e MAXQ_FLOWS_ROOT=/flows -v "$flows:/flows" -- serve --no-worker &
  start second --network "$prefix" -p "$((port + 1)):3000" -e MAXQ_DATABASE_URL="$url" -v "$flows:/flows" -- serve --no-worker &
  start third --network "$prefix" -p "$((port + 2)):3000" -e MAXQ_DATABASE_URL="$url" -v "$flows:/flows" -- serve --no-worker &
  wait
  for one in "$port" "$((port + 1))" "$((port + 2))"; do until_ok 60 curl -fsS "http://127.0.0.1:$one/readyz"; done
  local migrated=0
  for one in first second third; do
    if "$engine" logs "$prefix-$one" 2>&1 | grep 'Brought the schema' > /dev/null; then migrated=$((migrated + 1)); fi
  done
  [[ $migrated == 1 ]] || fail "$migrated of them migrated"
  key=$(key_of "$prefix-first")
  [[ $key == "$(key_of "$prefix-third")" ]] || fail 'the servers have different keys'
  say 'a worker in another container runs what the servers are asked for'
  start worker --network "$prefix" -e MAXQ_DATABASE_URL="$url" -v "$flows:/flows" -- worker
  completes "$((port + 1))" "$key" hello-http
}

# compose.yaml, with whatever reads it here: a run goes on when one of its two workers is killed.
check_compose() {
  local port=$1 compose id key
  if [[ $engine == docker ]] && docker compose version > /dev/null 2>&1; then compose=(docker compose)
  elif [[ $engine == podman ]] && command -v podman-compose > /dev/null; then compose=(podman-compose)
  else
    echo "── compose.yaml is not tried: neither 'docker compose' nor podman-compose is here"
    return
  fi
  say "compose.yaml, with ${compose[*]}: one of two workers is killed, the run completes"
  export MAXQ_PUBLISH=$port MAXQ_FLOWS=$scratch/compose-flows
  mkdir -p "$MAXQ_FLOWS/many/steps/one"
  printf '#!/bin/bash\n[ -n "$MAXQ_COMPLETED_STAGE" ] && exit 0\necho %s\n' "'{\"stage\": \"a\", \"final\": true, \"steps\": [{\"name\": \"one\", \"instances\": 60}]}'" > "$MAXQ_FLOWS/many/flow.sh"
  printf '#!/bin/bash\nsleep 1\n' > "$MAXQ_FLOWS/many/steps/one/step.sh"
  chmod -R a+rx "$MAXQ_FLOWS"
  composed=("${compose[@]}" -p "$prefix" -f docker/compose.yaml)
  "${composed[@]}" up -d > "$scratch/compose.log" 2>&1 || fail "up failed: $(tail -5 "$scratch/compose.log")"
  until_ok 120 curl -fsS "http://127.0.0.1:$port/readyz"
  key=$("$engine" exec "$(container_of server)" maxq key)
  until_ok 60 two_workers "$port" "$key"
  id=$(api "$port" "$key" POST /flows/many/runs '{}' | jq -r .id)
  until_ok 60 both_work "$port" "$key" "$id"
  "$engine" kill -s KILL "$(container_of worker-1)" > /dev/null 2>&1
  for _ in {1..600}; do
    status=$(api "$port" "$key" GET "/runs/$id" | jq -r .status)
    [[ $status == running ]] || break
    sleep 0.2
  done
  [[ $status == completed ]] || fail "the run is $status"
  echo "   $(api "$port" "$key" GET "/runs/$id" | jq -c '.stages[0].counts'), $(api "$port" "$key" GET "/runs/$id" | jq .durationMs) ms"
  "${composed[@]}" down -v > "$scratch/compose.log" 2>&1 || fail "down failed: $(tail -5 "$scratch/compose.log")"
}

container_of() { "$engine" ps --format '{{.Names}}' | grep -E "^$prefix[_-]$1([_-]1)?\$" | head -1; }
two_workers() { [[ $(api "$1" "$2" GET /workers | jq '[.data[] | select(.role == "worker")] | length') == 2 ]]; }
both_work() { [[ $(api "$1" "$2" GET /workers | jq '[.data[] | select(.role == "worker" and .running > 0)] | length') == 2 ]]; }
