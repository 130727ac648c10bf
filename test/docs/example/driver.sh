# Runs the examples of one page, in one shell: `bash driver.sh FOLDER`. FOLDER has NN.sh for each, with NN.kind: run, exit or server NAME.
# Leaves NN.out (both streams), NN.code for `exit`; then the file `done`, or, where one failed, `failed`: number, line, exit code, command.
set -eEuo pipefail
__maxq_at=$1 __maxq_n=''
declare -A __maxq_servers=()
set --

__maxq_failed() {
  local code=$1 line=$2 command=$3
  [[ -e $__maxq_at/failed ]] || printf '%s\n' "$__maxq_n" "$line" "$code" "$command" > "$__maxq_at/failed"
}

__maxq_clean_up() {
  local code=$? pid
  trap - EXIT ERR
  set +e
  [[ $code == 0 ]] || __maxq_failed "$code" 1 'its shell'
  for pid in ${__maxq_servers[@]+"${__maxq_servers[@]}"}; do kill -TERM -- "-$pid" 2> /dev/null; done
  kill -TERM $(jobs -p) 2> /dev/null
  wait
  exit "$code"
}
trap __maxq_clean_up EXIT
trap '__maxq_failed $? $LINENO "$BASH_COMMAND"' ERR

__maxq_serve() {
  local name=$1 pid tries said=''
  pid=${__maxq_servers[$name]:-}
  if [[ $pid ]]; then kill -TERM -- "-$pid"; wait "$pid" || true; fi
  : > "$__maxq_at/$__maxq_n.out"
  # A process group of its own, so that a signal at the end reaches whatever the example starts in the foreground.
  set -m
  # The shell ends when the example has: what comes in a server's place needs its port.
  (set +m; trap - EXIT ERR; trap exit TERM; . "$__maxq_at/$__maxq_n.sh") > "$__maxq_at/$__maxq_n.out" 2>&1 &
  pid=$!
  set +m
  __maxq_servers[$name]=$pid
  for ((tries = 0; tries < 600; tries++)); do
    said=$(< "$__maxq_at/$__maxq_n.out")
    # The start line of a server or a worker.
    [[ ! $said =~ MaxQ\ [0-9.]+\ (serves|works) ]] || return 0
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.05
  done
  __maxq_failed 1 1 'its server, which was not ready'
  exit 1
}

for __maxq_kind in "$__maxq_at"/[0-9]*.kind; do
  __maxq_n=$(basename "$__maxq_kind" .kind)
  __maxq_said=$(< "$__maxq_kind")
  case $__maxq_said in
    run) . "$__maxq_at/$__maxq_n.sh" > "$__maxq_at/$__maxq_n.out" 2>&1 ;;
    server*) __maxq_serve "${__maxq_said#server }" ;;
    exit)
      trap - ERR
      set +e
      . "$__maxq_at/$__maxq_n.sh" > "$__maxq_at/$__maxq_n.out" 2>&1
      echo $? > "$__maxq_at/$__maxq_n.code"
      set -eEuo pipefail
      trap '__maxq_failed $? $LINENO "$BASH_COMMAND"' ERR
      ;;
  esac
done
touch "$__maxq_at/done"
