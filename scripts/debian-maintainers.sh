#!/bin/bash
# debian-maintainers.sh: writes src/root/packages/makers/debian-maintainers.ts, which knows the people who maintain packages
# of Debian by addresses of their own: the first 4 bytes of the sha256 of each address, and no address itself. Addresses
# below debian.org and debian.net are told by their domain. apt's own lists stay as they are.
set -eu
cd "$(dirname "$0")/.."
target=src/root/packages/makers/debian-maintainers.ts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for suite in bullseye bookworm trixie; do
  lists=$work/$suite
  mkdir -p "$lists/lists/partial" "$lists/archives/partial"
  : >"$lists/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >"$lists/sources"
  apt=(-qq -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o "Dir::State=$lists" -o "Dir::State::status=$lists/status"
    -o "Dir::Cache=$lists" -o "Dir::Etc::sourcelist=$lists/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update >&2
  apt-cache "${apt[@]}" dumpavail | sed -n 's/^Maintainer: .*<\(.*\)>.*/\1/p' >>"$work/all"
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
