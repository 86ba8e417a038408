#!/bin/bash
# debian-files.sh FOLDER PACKAGE ...: unpacks packages of Debian 12 into FOLDER as distroless images have them: the files
# without a package manager, and for each package its control data and digests in var/lib/dpkg/status.d.
set -eu
folder=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/packages" "$folder/var/lib/dpkg/status.d"
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" >"$work/sources"
apt=(apt-get -qq -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o "Dir::State=$work" -o "Dir::State::status=$work/status"
  -o "Dir::Cache=$work" -o "Dir::Etc::sourcelist=$work/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
"${apt[@]}" update >&2
(cd "$work/packages" && "${apt[@]}" download "$@" >&2)
for package in "$work"/packages/*.deb; do
  name=$(dpkg-deb --field "$package" Package)
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$folder"
  dpkg-deb --field "$package" >"$folder/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$package" | tar -xO ./md5sums >"$folder/var/lib/dpkg/status.d/$name.md5sums" 2>/dev/null || true
done
rm -rf "$folder"/usr/share/{man,doc,locale,lintian} "$folder"/usr/lib/*/gconv
