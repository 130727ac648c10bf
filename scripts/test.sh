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
      options+=(--grep "${2:?--grep needs a pattern}")
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
trap 'rm -rf "$scratch"' EXIT
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

echo '── tests'
export MAXQ_TEST_COUNTS=$scratch/counts
status=0
if [[ ${#files[@]} -gt 0 ]]; then
  # Mocha adds the files to those of its configuration, so that must name none.
  node -p 'const { spec, ...rest } = JSON.parse(fs.readFileSync(".mocharc.json")); JSON.stringify(rest)' > "$scratch/mocharc.json"
  options+=(--config "$scratch/mocharc.json")
fi
node_modules/.bin/mocha --reporter scripts/test-reporter.mjs ${options[@]+"${options[@]}"} ${files[@]+"${files[@]}"} || status=$?
if [[ -s $MAXQ_TEST_COUNTS ]]; then
  read -r passed test_failures < "$MAXQ_TEST_COUNTS"
  failed=$((failed + test_failures))
fi
if [[ $status -ne 0 && $failed -eq 0 ]]; then
  echo "✗ mocha ended with exit code $status"
  failed=1
fi

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
