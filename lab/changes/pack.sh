#!/bin/bash
# pack.sh FILE: packs it by UPX: that of the path, or Debian 11's, since Debian 12 has none.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if command -v upx >/dev/null; then exec upx -q "$1"; fi
place=$top/.cache/upx
if [ ! -d "$place" ]; then
  # shellcheck source=scripts/debian-suite.sh
  . "$top/scripts/debian-suite.sh"
  lists=$(mktemp -d)
  download_packages bullseye "$lists" "$lists/into" '' upx-ucl libucl1
  mkdir -p "$place.new"
  for package in "$lists"/into/*.deb; do dpkg-deb -x "$package" "$place.new"; done
  rm -r "$lists"
  mv "$place.new" "$place"
fi
LD_LIBRARY_PATH=$place/usr/lib/x86_64-linux-gnu exec "$place/usr/bin/upx-ucl" -q "$1"
