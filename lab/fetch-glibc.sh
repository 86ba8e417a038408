#!/bin/bash
# fetch-glibc.sh SUITE: prints a folder with the glibc of that release of Debian, such as bullseye: its libraries and
# what is needed to build programs against them (`gcc --sysroot=FOLDER`).
# The packages are downloaded by apt into .cache/glibc and unpacked there; nothing is installed, and apt's own lists
# stay as they are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=$1
mkdir -p "$here/../.cache/glibc"
cache=$(realpath "$here/../.cache/glibc")
folder=$cache/$suite

# The mirror that this machine installs from.
mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -Eo 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' | grep . || echo http://deb.debian.org/debian
}

# shellcheck source=scripts/debian-suite.sh
. "$here/../scripts/debian-suite.sh"

download() {
  local lists=$cache/apt-$suite
  download_packages "$suite" "$lists" "$folder.packages" "$(mirror)" \
    libc6 libc6-dev linux-libc-dev libcrypt-dev libgcc-s1 libstdc++6
  rm -rf "$lists"
}

if [ ! -d "$folder" ]; then
  compgen -G "$folder.packages/libc6_*" >/dev/null || download
  rm -rf "$folder.part"
  mkdir -p "$folder.part/usr/lib" "$folder.part/usr/lib64"
  # Since Debian 12 /lib is a link to /usr/lib; older packages still hold both.
  ln -s usr/lib "$folder.part/lib"
  ln -s usr/lib64 "$folder.part/lib64"
  for package in "$folder.packages"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -C "$folder.part" -x --keep-directory-symlink
  done
  # A linker that looks below a folder does not follow links that begin with a slash.
  find "$folder.part" -type l -lname '/*' | while read -r link; do
    ln -sfnr "$folder.part$(readlink "$link")" "$link"
  done
  mv "$folder.part" "$folder"
fi
echo "$folder"
