#!/bin/sh
# test-nodes.sh [MAJOR...]: every form of the program under each major version of Node that is supported: its modules
# compiled, the bundle that is published, and its sources where Node strips types. After `npm run build`. Needs a network
# for the versions that are not installed.
set -eu
cd "$(dirname "$0")/.."
# What differs between the forms and the versions of Node: starting, threads, streams, compression, what is generated.
modules='test/cli/cli.test.ts test/extraction test/layer-threads test/reporters/golden.test.ts test/byte-scan test/sources/streams.test.ts'
# What starts the program.
starts='test/cli/cli.test.ts test/cli/standard-output.test.ts test/commands/init.test.ts test/commands/sarif-options.test.ts'
# Every example of the docs takes as long as all others together: once, of the form that people install, under the first of the versions.
examples='test/readme.test.ts'
[ $# -gt 0 ] || set -- 20 22 24
for major; do
  bin=$(sh scripts/fetch-node.sh "$major")
  (
    PATH=$bin:$PATH
    some() { node scripts/some-tests.mjs --test-reporter=dot "$@"; }
    echo "Node $(node --version): compiled modules"
    # shellcheck disable=SC2086
    some --built $modules
    echo "Node $(node --version): the bundle"
    # shellcheck disable=SC2086
    HULLCHECK_TEST_PROGRAM=dist/bundle/cli.js some --built $starts $examples
    if [ "$(node -p 'Boolean(process.features.typescript)')" = true ]; then
      echo "Node $(node --version): sources"
      node --no-warnings scripts/strip-types.mjs
      # shellcheck disable=SC2086
      some $modules $starts
    fi
  )
  examples=
done
