#!/bin/bash
# start-on-arm64.sh FOLDER [FLAVOUR]: starts programs for 64-bit Arm on a kernel with pages of another size than this machine's. Boots Debian
# 13's kernel of that flavour (arm64-16k: pages of 16 KiB; arm64: 4 KiB) with glibc and musl and what FOLDER/t holds, which
# pages/build-programs.sh fills if it is not there, by qemu-system-aarch64. FOLDER/FLAVOUR.log has a line "RESULT NAME ..." for each program:
# compare-with-page-sizes reads it. Needs qemu-system-arm, cpio, the cross compiler and the network; 100 MB are downloaded once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(realpath "$1")
flavour=${2:-arm64-16k}
# shellcheck source=scripts/debian-suite.sh
. "$here/../scripts/debian-suite.sh"
PATH=$PATH:/usr/sbin
command -v qemu-system-aarch64 >/dev/null || { echo 'missing: apt-get install qemu-system-arm' >&2 && exit 2; }
command -v cpio >/dev/null || { echo 'missing: apt-get install cpio' >&2 && exit 2; }

fetch() { # Debian's packages for arm64, unpacked and not installed.
  local work=$out/.$flavour
  rm -rf "$work"
  suite_options trixie "$work/lists"
  options=("${options[@]//amd64/arm64}")
  apt-get "${options[@]}" update >&2
  local image
  image=$(apt-cache "${options[@]}" depends "linux-image-$flavour" | awk '/Depends:/ { print $2; exit }')
  mkdir -p "$work/packages" "$work/root"
  (cd "$work/packages" && apt-get "${options[@]}" download "$image" libc6 libgcc-s1 libstdc++6 musl >&2)
  for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  rm -rf "$work/lists" "$work/packages"
  mv "$work" "$out/$flavour"
}
[ -d "$out/$flavour" ] || fetch
[ -d "$out/t" ] || "$here/pages/build-programs.sh" "$out"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
kernel=("$out/$flavour"/root/boot/vmlinuz-*)
lib=$stage/lib/aarch64-linux-gnu
mkdir -p "$lib" "$stage/proc" "$stage/dev" "$stage/t"
libraries=$out/$flavour/root/usr/lib/aarch64-linux-gnu
cp -L "$libraries"/{ld-linux-aarch64.so.1,libc.so.6,libm.so.6,libgcc_s.so.1,libstdc++.so.6,libdl.so.2,libpthread.so.0,librt.so.1} "$lib/"
ln -s aarch64-linux-gnu/ld-linux-aarch64.so.1 "$stage/lib/ld-linux-aarch64.so.1"
musl=$(find "$out/$flavour/root" -name 'ld-musl-aarch64.so.1' -o -path '*aarch64-linux-musl/libc.so' | head -1)
[ -z "$musl" ] || { cp -L "$(find "$out/$flavour/root" -path '*aarch64-linux-musl/libc.so')" "$stage/lib/ld-musl-aarch64.so.1" && ln -s ld-musl-aarch64.so.1 "$stage/lib/libc.musl-aarch64.so.1"; }
cp "$out"/t/* "$stage/t/"
aarch64-linux-gnu-gcc -O2 -static "$here/pages/init.c" -o "$stage/init"
(cd "$stage" && find . -print0 | cpio --quiet --null -o -H newc | gzip -1) >"$out/$flavour.cpio.gz"

# A kernel that does not come up says nothing.
timeout 900 qemu-system-aarch64 -machine virt -cpu max,pauth-impdef=on -m 1024 -nographic -no-reboot -nic none \
  -kernel "${kernel[0]}" -initrd "$out/$flavour.cpio.gz" -append 'console=ttyAMA0 quiet panic=-1 rdinit=/init' </dev/null |
  tr -d '\r' >"$out/$flavour.console"
grep -o 'RESULT .*' "$out/$flavour.console" >"$out/$flavour.log" || true
grep -q 'RESULT done' "$out/$flavour.log" || { echo "the kernel did not start all programs: $out/$flavour.console" >&2 && exit 1; }
head -1 "$out/$flavour.log"
