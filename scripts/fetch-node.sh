#!/bin/sh
# fetch-node.sh MAJOR: prints the folder of a `node` of that major version: the one that is installed, or one that npm
# fetches into .cache/nodes.
set -eu
major=$1
if [ "$(node -p 'process.versions.node.split(".")[0]')" = "$major" ]; then
  dirname "$(command -v node)"
  exit
fi
cd "$(dirname "$0")/.."
place=$PWD/.cache/nodes/$major
package=node-linux-$(node -p process.arch)
if [ ! -x "$place/node_modules/$package/bin/node" ]; then
  mkdir -p "$place"
  npm install --prefix "$place" --no-save --silent --ignore-scripts --no-audit --no-fund "$package@$major" >&2
fi
echo "$place/node_modules/$package/bin"
