#!/bin/bash
# debian-layer.sh FOLDER NAME [PACKAGE ...]: makes FOLDER/NAME.tar, a layer of Debian 12 for x86-64.
# Without packages it is what debian:12-slim has; with packages, what `RUN apt-get install` adds to it. A package may be a
# file that ends in .deb.
# Scripts of the packages run in a chroot, so it has to run as root.
set -euo pipefail
folder=$(realpath "$1") name=$2
shift 2
[ ! -e "$folder/$name.tar" ] || exit 0
work=$(mktemp -d "$folder/work-XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
# The package lists of apt are not part of an image, nor is what mmdebstrap leaves for the next start of a machine.
pack() { # pack FILE-LIST
  tar -C "$root" --numeric-owner --no-recursion --null -T "$1" -cf "$work/layer.tar"
  mv "$work/layer.tar" "$folder/$name.tar"
}
left_out() { grep -zvE '^\./(dev|proc|sys)/|^\./etc/(resolv\.conf|hostname)$|^\./var/lib/apt/lists/|^\./usr/sbin/policy-rc\.d$' || true; }

if [ $# = 0 ]; then
  mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook='rm -f "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"' bookworm "$root" http://deb.debian.org/debian
  (cd "$root" && find . -mindepth 1 -print0 | left_out | sort -z) >"$work/files"
  pack "$work/files"
  exit 0
fi

mkdir "$root"
tar -C "$root" --numeric-owner -xf "$folder/debian-slim.tar"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mkdir -p "$root/dev" "$root/proc"
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
[ -e "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
mkdir "$root/packages"
words=()
for package in "$@"; do
  case $package in
    *.deb) cp "$package" "$root/packages/" && words+=("/packages/${package##*/}") ;;
    *) words+=("$package") ;;
  esac
done
(cd "$root" && find . -mindepth 1 -not -path './packages*' | sort) >"$work/before"
touch "$work/stamp"
sleep 1
unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" sh -c '
  export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
  apt-get -qq update
  apt-get -qq -y -o Dpkg::Options::=--force-unsafe-io install --no-install-recommends "$@"
  apt-get clean'  sh "${words[@]}" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
(cd "$root" && find . -mindepth 1 | sort) >"$work/after"
# What was removed leaves a whiteout, as the specification of layers has it.
comm -23 "$work/before" "$work/after" | while read -r gone; do
  case $gone in ./dev/* | ./proc/* | ./sys/* | ./var/lib/apt/lists/*) continue ;; esac
  [ ! -d "$root/${gone%/*}" ] || : >"$root/${gone%/*}/.wh.${gone##*/}"
done
# Whatever was written has a newer change time, whatever time of modification its package gave it.
(cd "$root" && find . -mindepth 1 -cnewer "$work/stamp" -print0 | left_out | sort -z) >"$work/files"
pack "$work/files"
