#!/bin/bash
# fetch-debian-root.sh SUITE FOLDER: makes FOLDER/debian-SUITE, a small root of Debian bullseye, bookworm or trixie on
# x86-64: glibc, the libraries of GCC and a shell. The packages are downloaded by apt and unpacked; nothing is installed,
# and apt's own lists stay as they are.
set -eu
suite=$1 folder=$2/debian-$1
[ ! -d "$folder" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=scripts/debian-suite.sh
. "$(dirname "$0")/../scripts/debian-suite.sh"
mkdir -p "$2"
download_packages "$suite" "$work" "$work/packages" '' base-files libc6 libc-bin libgcc-s1 libstdc++6 libcrypt1 zlib1g dash
root=$work/root
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
# As the installer does it: the folders of the top are links into /usr.
for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
for package in "$work"/packages/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
done
ln -sf dash "$root/usr/bin/sh"
# What no program of the cases uses and every scan would read.
rm -rf "$root"/usr/lib/*/gconv "$root"/usr/share "$root"/usr/lib/locale "$root"/usr/lib/x86_64-linux-gnu/audit
mkdir -p "$root/etc" "$root/proc" "$root/tmp"
/sbin/ldconfig -r "$root" 2>/dev/null || chroot "$root" /sbin/ldconfig
mv "$root" "$folder"
