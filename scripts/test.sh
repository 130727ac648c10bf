#!/usr/bin/env bash
# Sets up what is missing, checks and tests everything, ends with "N passed, N failed".
#   --grep PATTERN   only tests whose title matches
#   FILE …           only these test files
# With either, the checks of the source (arrows, eslint, prettier) are left out. A failed check counts as one failure.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

options=() files=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --grep | -g)
      [[ ${2:-} ]] || { echo 'test.sh: --grep needs a pattern.' >&2; exit 2; }
      options+=(--grep "$2")
      shift 2
      ;;
    -*)
      echo "test.sh: unknown option $1. Known: --grep PATTERN, FILE …" >&2
      exit 2
      ;;
    *)
      files+=("$1")
      shift
      ;;
  esac
done

scratch=$(mktemp -d)
# The other mochas, if they are still at work, end with this script.
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$scratch"' EXIT
passed=0 failed=0

check() {
  local name=$1
  shift
  echo "── $name"
  if ! "$@"; then
    echo "✗ $name failed: $*"
    failed=$((failed + 1))
  fi
}

check build ./scripts/build.sh
if [[ ${#options[@]} -eq 0 && ${#files[@]} -eq 0 ]]; then
  check 'import arrows' node --import tsx scripts/check-arrows.ts
  check eslint node_modules/.bin/eslint --cache --cache-location node_modules/.cache/eslint/ .
  check prettier node_modules/.bin/prettier --check --log-level warn .
fi

# Runs mocha and puts "passed failed" into a file, at least one failed if it did not end well.
run_mocha() {
  local counts=$1 status=0
  shift
  MAXQ_TEST_COUNTS=$counts node_modules/.bin/mocha --reporter scripts/test-reporter.mjs ${options[@]+"${options[@]}"} "$@" || status=$?
  local p=0 f=0
  [[ ! -s $counts ]] || read -r p f < "$counts"
  if [[ $status -ne 0 && $f -eq 0 ]]; then
    echo "✗ mocha ended with exit code $status"
    f=1
  fi
  echo "$p $f" > "$counts"
}

echo '── tests'
# Mocha adds the files that it is given to those of its configuration, so this one names none.
node -p 'const { spec, ...rest } = JSON.parse(fs.readFileSync(".mocharc.json")); JSON.stringify(rest)' > "$scratch/mocharc.json"
options+=(--config "$scratch/mocharc.json")
if [[ ${#files[@]} -gt 0 ]]; then
  run_mocha "$scratch/counts.1" "${files[@]}"
else
  # Three at a time, which take about as long as each other: much of it is waiting for processes. What the others printed follows when the first has ended.
  second='test/{bench,chaos,engine,events,faults,pooler,proxy,workers}/**'
  commands='node/packages/maxq/test/**'
  run_mocha "$scratch/counts.2" "$second/*.test.ts" > "$scratch/second.log" 2>&1 &
  run_mocha "$scratch/counts.3" --ignore "$second" 'test/**/*.test.ts' "$commands/*.test.ts" > "$scratch/third.log" 2>&1 &
  run_mocha "$scratch/counts.1" --ignore "$commands" 'node/packages/*/test/**/*.test.ts'
  wait
  cat "$scratch/second.log" "$scratch/third.log"
fi
for counts in "$scratch"/counts.?; do
  read -r p f < "$counts"
  passed=$((passed + p)) failed=$((failed + f))
done

for failures in "$scratch"/counts.?.failures; do
  [[ ! -s $failures ]] || { echo '── failed' && cat "$failures"; }
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
