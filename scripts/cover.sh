#!/bin/sh
# cover.sh [OPTION OF NODE...]: how many branches of what decides (the ELF reader, machine code, facts, rules, judging, policies,
# saved reports and their differences) its own tests take. Below the floor, two points under what was measured last, it fails. Node
# measures it, from the sources; a version that cannot is fetched by npm. It takes two minutes of processor time.
set -eu
cd "$(dirname "$0")/.."
floor=88
PATH=$(sh scripts/fetch-node.sh 24):$PATH
areas='base code diff elf facts judge policy saved-report'
# shellcheck disable=SC2086
covered="$(printf 'src/%s/**/*.ts ' $areas shapes) rules/**/rule.ts"
set -f
# shellcheck disable=SC2046,SC2086
node scripts/some-tests.mjs --experimental-test-coverage --test-coverage-branches=$floor \
  $(printf -- '--test-coverage-include=%s ' $covered) "$@" rules $(printf 'test/%s ' $areas)
