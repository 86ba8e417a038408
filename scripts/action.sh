#!/usr/bin/env bash
# The step of action.yml: one scan or comparison, its SARIF and its job summary. Runs on the bash 3.2 of macOS too.
set -eu

# What is printed between suspend and resume can be a text of the image: the runner takes no command from it, since
# nobody can guess the word that ends this.
token=''
suspend() {
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  [ "${#token}" -eq 32 ] || fail 'there are no random bytes to be had'
  echo "::stop-commands::$token"
}
resume() {
  [ -z "$token" ] || printf '\n::%s::\n' "$token"
  token=''
}
trap resume EXIT

fail() { # fail MESSAGE
  resume
  echo "::error title=hullcheck::$1"
  echo 'exit-code=2' >>"$GITHUB_OUTPUT"
  exit 2
}

arguments=()

# annotated BEFORE ARGUMENT: the format github on standard output goes to a file. Its annotations are commands, so they are
# printed when commands count again.
annotated() {
  case "$1 $2" in
    '-o github' | '--output github') echo "github=$annotations" ;;
    *' --output=github' | *' -o=github' | *' -ogithub') echo "--output=github=$annotations" ;;
    *) printf '%s\n' "$2" ;;
  esac
}

# lines PREFIX TEXT: each line that is not blank becomes an argument, behind PREFIX when there is one.
lines() {
  before=$1
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    case $line in '' | *[![:space:]]*) ;; *) line='' ;; esac
    [ -n "$line" ] || continue
    arguments+=(${1:+"$1"} "$(annotated "$before" "$line")")
    before=${1:-$line}
  done <<<"$2"
}

# option NAME VALUE: left out when it has no value.
option() {
  [ -z "$2" ] || arguments+=("$1=$2")
}

case $INPUT_OUTPUT in '' | *$'\n'*) fail 'output must name one file' ;; esac
summary=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/hullcheck.XXXXXX")
annotations=$summary.annotations

# compared WHERE TEXT: refuses what only a scan by itself has.
compared() {
  where=$1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      --baseline | --baseline=* | --update-baseline | --update-baseline=* | \
        --coverage | --coverage=* | --maximum | --maximum=* | --allow-empty | --allow-empty=*)
        fail "with against, $where cannot have ${line%%=*}: a comparison asks what got worse; leave out one of the two"
        ;;
    esac
    format=${line#--output=}
    format=${format#-o}
    format=${format#=}
    format=${format#"${format%%[![:space:]]*}"}
    case ${format%%=*} in
      csv | jsonl) fail "with against, $where cannot have the format ${format%%=*}: it lists one scan; leave out one of the two" ;;
    esac
  done <<<"$2"
}

if [ -n "$INPUT_AGAINST" ]; then
  [ -z "$INPUT_BASELINE" ] || fail 'with against, there can be no baseline: both say what is known already; leave out one of the two'
  compared formats "${INPUT_FORMATS//$'\r'/}"
  compared args "${INPUT_ARGS//$'\r'/}"
  case $INPUT_AGAINST in -* | *$'\n'*) fail 'against must name one file or image' ;; esac
  case $INPUT_IMAGE in -* | *$'\n-'*) fail 'with against, image must name one file or image' ;; esac
  arguments+=(diff "$INPUT_AGAINST")
  lines '' "$INPUT_IMAGE"
fi
option --profile "$INPUT_PROFILE"
option --fail-on "$INPUT_FAIL_ON"
option --config "$INPUT_CONFIG"
option --baseline "$INPUT_BASELINE"
arguments+=(-o text -o "sarif=$INPUT_OUTPUT" -o "markdown=$summary")
lines -o "$INPUT_FORMATS"
lines '' "$INPUT_ARGS"
if [ -z "$INPUT_AGAINST" ]; then
  arguments+=(--)
  lines '' "$INPUT_IMAGE"
fi

# The program is the checkout of the action itself, built here where it is not: a package of its name in a registry
# could come from anyone. Nothing that is installed for it runs a script, and the lock file names every digest.
program=$GITHUB_ACTION_PATH/dist/bundle/cli.js
suspend
if [ ! -f "$program" ]; then
  echo 'hullcheck is built from the checkout of the action'
  (
    cd -- "$GITHUB_ACTION_PATH"
    npm ci --ignore-scripts --include=dev --no-audit --no-fund && npm run build
  ) >"$summary" 2>&1 || {
    cat -- "$summary"
    rm -f -- "$summary"
    fail 'hullcheck cannot be built from the checkout of the action, which needs Node.js 20.19 or newer and npm'
  }
fi

# What an earlier run left there is not this one's.
rm -f -- "$INPUT_OUTPUT"
code=0
node "$program" "${arguments[@]}" || code=$?
resume
# Only lines that the format writes itself.
if [ -f "$annotations" ]; then grep -E '^::(error|warning|notice) ' -- "$annotations" || true; fi

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [ -f "$INPUT_OUTPUT" ]; then echo "sarif=$INPUT_OUTPUT" >>"$GITHUB_OUTPUT"; fi
if [ "$INPUT_SUMMARY" = true ]; then cat -- "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
rm -f -- "$summary" "$annotations"
exit "$code"
