#!/usr/bin/env bash
# The step of action.yml: one scan, its SARIF and its job summary. Runs on the bash 3.2 of macOS too.
set -eu

fail() { # fail MESSAGE
  echo "::error title=hullcheck::$1"
  echo 'exit-code=2' >>"$GITHUB_OUTPUT"
  exit 2
}

arguments=()

# lines PREFIX TEXT: each line that is not blank becomes an argument, behind PREFIX when there is one.
lines() {
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    case $line in '' | *[![:space:]]*) ;; *) line='' ;; esac
    [ -z "$line" ] || arguments+=(${1:+"$1"} "$line")
  done <<<"$2"
}

# option NAME VALUE: left out when it has no value.
option() {
  [ -z "$2" ] || arguments+=("$1=$2")
}

case $INPUT_OUTPUT in '' | *$'\n'*) fail 'output must name one file' ;; esac
summary=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/hullcheck.XXXXXX")

option --profile "$INPUT_PROFILE"
option --fail-on "$INPUT_FAIL_ON"
option --config "$INPUT_CONFIG"
option --baseline "$INPUT_BASELINE"
arguments+=(-o text -o "sarif=$INPUT_OUTPUT" -o "markdown=$summary")
lines -o "$INPUT_FORMATS"
lines '' "$INPUT_ARGS"
arguments+=(--)
lines '' "$INPUT_IMAGE"

# A checkout that was built runs itself; otherwise the package of the action's own version.
program=(node "$GITHUB_ACTION_PATH/dist/bundle/cli.js")
if [ ! -f "${program[1]}" ]; then
  version=$(node -p 'require(process.argv[1]).version' "$GITHUB_ACTION_PATH/package.json")
  program=(npx --yes "hullcheck@$version")
fi

# What an earlier run left there is not this one's.
rm -f -- "$INPUT_OUTPUT"
code=0
"${program[@]}" "${arguments[@]}" || code=$?

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [ -f "$INPUT_OUTPUT" ]; then echo "sarif=$INPUT_OUTPUT" >>"$GITHUB_OUTPUT"; fi
if [ "$INPUT_SUMMARY" = true ]; then cat -- "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
rm -f -- "$summary"
exit "$code"
