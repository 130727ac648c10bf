# For docker-test.sh to source: what the image must do. Each check is a function that ends the script where it does not hold.
# shellcheck shell=bash

say() { printf '── %s\n' "$*"; }
fail() { echo "✗ $*" >&2; exit 1; }

# until_ok SECONDS COMMAND …: repeats it until it succeeds.
until_ok() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "did not come true: $*"
    sleep 0.2
  done
}

# start NAME [options of run …]: a container, which is removed when the script ends. Arguments for MaxQ follow after --.
start() {
  local name=$prefix-$1 options=()
  shift
  while [[ $# -gt 0 && $1 != -- ]]; do options+=("$1"); shift; done
  [[ $# -eq 0 ]] || shift
  "$engine" run -d --name "$name" "${options[@]}" "$tag" "$@" > /dev/null 2> "$scratch/run.log" || fail "cannot start $name: $(cat "$scratch/run.log")"
}

# api PORT KEY METHOD PATH [body]
api() {
  curl -fsS -X "$3" "http://127.0.0.1:$1/api/v1$4" -H "Authorization: Bearer $2" -H 'Content-Type: application/json' ${5:+-d "$5"}
}

# completes PORT KEY FLOW: triggers it and waits until it has completed.
completes() {
  local id status
  id=$(api "$1" "$2" POST "/flows/$3/runs" '{}' | jq -r .id)
  for _ in {1..300}; do
    status=$(api "$1" "$2" GET "/runs/$id" | jq -r .status)
    [[ $status != completed ]] || return 0
    [[ $status != failed && $status != aborted ]] || fail "the run of $3 is $status"
    sleep 0.2
  done
  fail "the run of $3 is still $status after a minute"
}

key_of() { "$engine" exec "$1" maxq key; }

check_image() {
  say "runs as an ordinary user, with bash, curl and jq, without a compiler"
  "$engine" run --rm "$tag" bash -c '[[ $(id -u) != 0 ]] && command -v bash curl jq > /dev/null && ! command -v gcc cc g++ make' || fail 'it does not'
  say 'says what to do with a data folder that it cannot write'
  mkdir -m 755 "$scratch/of-root"
  if "$engine" run --rm -v "$scratch/of-root:/data" "$tag" > "$scratch/refused" 2>&1; then fail 'it started'; fi
  grep -q -- '--user 0:0' "$scratch/refused" || fail "it said: $(cat "$scratch/refused")"
}

check_sqlite() {
  local port=$1 begin
  say 'SQLite, as documented: -e MAXQ_SQLITE_PATH -v …:/flows -v …:/data'
  install -d -m 777 "$scratch/data"
  begin=$(date +%s%N)
  start sqlite -p "$port:3000" -e MAXQ_SQLITE_PATH=/data/maxq.db -e MAXQ_FLOWS_ROOT=/flows -v "$flows:/flows" -v "$scratch/data:/data"
  until_ok 60 curl -fsS "http://127.0.0.1:$port/readyz"
  echo "   ready after $((($(date +%s%N) - begin) / 1000000)) ms"
  [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/api/v1/runs") == 401 ]] || fail 'a request without the key is answered'
  "$engine" logs "$prefix-sqlite" 2>&1 | grep 'exec .* maxq key' > /dev/null || fail 'the log does not say how to read the key'
  completes "$port" "$(key_of "$prefix-sqlite")" hello-http
  "$engine" exec "$prefix-sqlite" /opt/maxq/docker/healthcheck.sh || fail 'the health check fails'
  say 'a container that is started again goes on with its data'
  "$engine" stop -t 10 "$prefix-sqlite" > /dev/null 2>&1
  "$engine" start "$prefix-sqlite" > /dev/null 2>&1
  until_ok 60 curl -fsS "http://127.0.0.1:$port/readyz"
  [[ $(api "$port" "$(key_of "$prefix-sqlite")" GET /runs | jq -r '.data[0].status') == completed ]] || fail 'its runs are gone'
}

check_health() {
  say 'the health check asks at the port that an option names'
  start health -- --port 8080
  until_ok 60 "$engine" exec "$prefix-health" curl -fsS http://127.0.0.1:8080/readyz
  "$engine" exec "$prefix-health" /opt/maxq/docker/healthcheck.sh || fail 'it fails'
}

# A script that has 4 s left when the stop comes completes; one that has not is ended, and nothing of it is left.
check_stop() {
  local port=$1 key begin took
  say 'drains on SIGTERM, and leaves no process'
  mkdir -p "$scratch/flows/long/steps/sleeps"
  printf '#!/bin/bash\n[ -n "$MAXQ_COMPLETED_STAGE" ] && exit 0\necho %s\n' "'{\"stage\": \"a\", \"final\": true, \"steps\": [{\"name\": \"sleeps\"}]}'" > "$scratch/flows/long/flow.sh"
  printf '#!/bin/bash\nsleep %s & setsid sleep %s & wait\n' "$mark" "$mark" > "$scratch/flows/long/steps/sleeps/step.sh"
  chmod -R a+rx "$scratch/flows"
  start stop -p "$port:3000" -e MAXQ_FLOWS_ROOT=/flows -v "$scratch/flows:/flows"
  until_ok 60 curl -fsS "http://127.0.0.1:$port/readyz"
  key=$(key_of "$prefix-stop")
  api "$port" "$key" POST /flows/long/runs '{}' > /dev/null
  until_ok 30 pgrep -f "^sleep $mark\$"
  begin=$SECONDS
  "$engine" stop -t 30 "$prefix-stop" > /dev/null 2>&1
  took=$((SECONDS - begin))
  [[ $("$engine" inspect -f '{{.State.ExitCode}}' "$prefix-stop") == 0 ]] || fail "it ended with another code than 0: $("$engine" logs "$prefix-stop" 2>&1 | tail -3)"
  ((took <= 10)) || fail "it took $took s, which Docker does not wait for"
  ! pgrep -f "^sleep $mark\$" || fail 'processes of its script are left'
  echo "   stopped after $took s, with a script running that would not end"
}
