#!/bin/sh
# cover.sh [OPTION OF NODE...]: how many branches of what decides (the ELF reader, rules, judging, policies, shapes) its own
# tests take. Below the floor it fails. Node measures it, from the sources; a version that cannot is fetched by npm.
set -eu
cd "$(dirname "$0")/.."
floor=85
PATH=$(sh scripts/fetch-node.sh 24):$PATH
covered='src/elf/**/*.ts src/judge/**/*.ts src/policy/**/*.ts src/shapes/**/*.ts rules/**/rule.ts'
set -f
# shellcheck disable=SC2046,SC2086
node scripts/some-tests.mjs --experimental-test-coverage --test-coverage-branches=$floor \
  $(printf -- '--test-coverage-include=%s ' $covered) "$@" rules test/elf test/judge test/policy
