#!/bin/bash
# debian-maintainers.sh: writes src/root/packages/makers/debian-maintainers.ts, which knows the people who maintain packages
# of Debian by addresses of their own: the first 4 bytes of the sha256 of each address, and no address itself. Addresses
# below debian.org and debian.net are recognised by their domain. apt's own lists stay as they are.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/debian-suite.sh
. scripts/debian-suite.sh
target=src/root/packages/makers/debian-maintainers.ts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for suite in bullseye bookworm trixie; do
  suite_options "$suite" "$work/$suite"
  apt-get "${options[@]}" update >&2
  apt-cache "${options[@]}" dumpavail | sed -n 's/^Maintainer: .*<\(.*\)>.*/\1/p' >>"$work/all"
done
tr 'A-Z' 'a-z' <"$work/all" | sort -u | grep -vE '@([a-z-]+\.)*debian\.(org|net)$' >"$work/people"
while read -r address; do printf %s "$address" | sha256sum | cut -c 1-8; done <"$work/people" | sort -u >"$work/digests"
{
  echo '/**'
  echo ' * Beginnings of the sha256 of addresses, each of 4 bytes, in base64: those who maintain packages of Debian 11, 12 and 13'
  echo " * by an address that is not Debian's. Written by scripts/debian-maintainers.sh on $(date -u +%F)."
  echo ' */'
  echo 'export const debianMaintainers ='
  xxd -r -p <"$work/digests" | base64 -w 110 | sed "s/^/  '/; s/\$/' +/" | sed '$ s/ +$/;/'
} >"$target"
echo "$(wc -l <"$work/digests") addresses" >&2
