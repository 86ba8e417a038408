#!/bin/sh
# cover.sh [OPTION OF NODE...]: how many branches of what decides (the ELF reader, rules, judging, policies, shapes) its own
# tests take. Below the floor it fails. Node measures it, from the sources; a version that cannot is fetched by npm.
set -eu
cd "$(dirname "$0")/.."
floor=85
node=$(sh scripts/fetch-node.sh 24)/node
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
covered='src/elf/**/*.ts src/judge/**/*.ts src/policy/**/*.ts src/shapes/**/*.ts rules/**/rule.ts'
set -f
# shellcheck disable=SC2046,SC2086
TMPDIR=$scratch LC_ALL=C.UTF-8 "$node" --test --experimental-test-coverage --test-coverage-branches=$floor --test-reporter=spec \
  $(printf -- '--test-coverage-include=%s ' $covered) "$@" $(find rules test/elf test/judge test/policy -name '*.test.ts' | sort)
