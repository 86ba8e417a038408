#!/bin/bash
# debian-files.sh FOLDER PACKAGE ...: unpacks packages of Debian 12 into FOLDER as distroless images have them: the files
# without a package manager, and for each package its control data and digests in var/lib/dpkg/status.d.
set -eu
folder=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=scripts/debian-suite.sh
. "$(dirname "$0")/../../scripts/debian-suite.sh"
mkdir -p "$folder/var/lib/dpkg/status.d"
download_packages bookworm "$work" "$work/packages" '' "$@"
for package in "$work"/packages/*.deb; do
  name=$(dpkg-deb --field "$package" Package)
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$folder"
  dpkg-deb --field "$package" >"$folder/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$package" | tar -xO ./md5sums >"$folder/var/lib/dpkg/status.d/$name.md5sums" 2>/dev/null || true
done
rm -rf "$folder"/usr/share/{man,doc,locale,lintian} "$folder"/usr/lib/*/gconv
