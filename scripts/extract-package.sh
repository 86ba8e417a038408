#!/bin/sh
# extract-package.sh SCHEME PACKAGE: unpacks a package into the working directory with its own tool, named as
# hullcheck names its files.
set -eu

package=$2

# All members, also those of one name: the second a.o becomes a.o~2.
static_library() {
  ar t "$package" | sort | uniq -c | while read -r count member; do
    at=1
    while [ "$at" -le "$count" ]; do
      ar xN "$at" "$package" "$member"
      [ "$at" = 1 ] && mv "$member" "$member~" || mv "$member" "$member~$at"
      at=$((at + 1))
    done
    mv "$member~" "$member"
  done
}

plain() {
  case $(od -An -tx1 -N4 "$package" | tr -d ' ') in
    1f8b*) gzip -dc "$package" ;;
    fd377a58) xz -dc "$package" ;;
    28b52ffd) zstd -dcq "$package" ;;
    425a68*) bzip2 -dc "$package" ;;
    5d0000*) lzma -dc "$package" ;;
    04224d18) lz4 -dcq "$package" ;;
    894c5a4f) lzop -dcq "$package" ;;
    4c5a4950) lzip -dc "$package" ;;
    *) cat "$package" ;;
  esac
}

case $1 in
  apk) tar -xzf "$package" 2>/dev/null ;;
  ar) static_library ;;
  conda)
    [ "$(head -c 3 "$package")" != BZh ] || exec tar -xjf "$package"
    folder=$(mktemp -d)
    unzip -qq "$package" -d "$folder"
    tar --zstd -xf "$folder"/pkg-*.tar.zst
    rm -r "$folder"
    ;;
  cpio) plain | cpio -id --quiet --no-absolute-filenames ;;
  deb) dpkg-deb -x "$package" . ;;
  ipk) tar -xzOf "$package" ./data.tar.gz | tar -xzf - ;;
  npm) tar -xzf "$package" ;;
  pacman) tar --zstd -xf "$package" ;;
  rpm) rpm2cpio "$package" | cpio -id --quiet --no-absolute-filenames ;;
  zip) unzip -qq "$package" ;;
  *) echo "no tool is known for $1" >&2 && exit 2 ;;
esac
