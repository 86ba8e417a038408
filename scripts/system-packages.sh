#!/bin/sh
# Sees to the programs that the tests compare hullcheck with; hullcheck itself runs none of them.
set -eu

missing=''
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need readelf binutils
need gcc gcc
need musl-gcc musl-tools
need skopeo skopeo
need umoci umoci
need zstd zstd
need xz xz-utils
need chromium chromium

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "the tests need these packages (names of Debian):$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # one word for each package
apt-get install -q -y --no-install-recommends $missing
