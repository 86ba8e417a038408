#!/bin/bash
# fetch-musl.sh MACHINE: prints a folder with Debian's musl of that machine: include/ and lib/.
# The packages of other machines are downloaded by apt into .cache/musl and unpacked there; nothing is installed,
# and apt's own lists stay as they are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/toolchains.sh"
debian=$(debian_name "$1")
cache=$(realpath "$here/..")/.cache/musl
folder=$cache/$1

download() {
  local lists=$cache/apt-$debian
  local apt=(apt-get -qq -o "APT::Architecture=$debian" -o "APT::Architectures=$debian" -o "Dir::State=$lists"
    -o "Dir::State::status=$lists/status" -o "Dir::Cache=$lists" -o APT::Sandbox::User=root)
  mkdir -p "$lists/lists/partial" "$lists/archives/partial" "$folder/packages"
  : >"$lists/status"
  # One list of several may be out of step on a mirror: what is missing of the right one the download says.
  "${apt[@]}" update >&2 || true
  (cd "$folder/packages" && "${apt[@]}" download "musl:$debian" "musl-dev:$debian" >&2)
  rm -rf "$lists"
}

if [ ! -d "$folder/lib" ]; then
  compgen -G "$folder/packages/musl-dev_*" >/dev/null || download
  for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
  cp -r "$folder"/root/usr/include/*-linux-musl* "$folder/include"
  mkdir "$folder/lib.part"
  cp "$folder"/root/usr/lib/*-linux-musl*/*.[ao] "$folder/lib.part"
  # Debian's libc.so carries no SONAME, so a program needs it by the file name it was linked to. Alpine's name is the usual one.
  cp -L "$folder"/root/lib/ld-musl-*.so.1 "$folder/lib.part/libc.musl-$(musl_name "$1").so.1"
  # On i386 position-independent code calls the failure function by a local name. Alpine has it in libssp_nonshared.a too.
  if [ "$1" = i386 ]; then
    echo 'void __stack_chk_fail(void); __attribute__((visibility("hidden"))) void __stack_chk_fail_local(void) { __stack_chk_fail(); }' |
      gcc -m32 -O2 -fPIC -fno-stack-protector -x c -c - -o "$folder/local.o"
    ar rc "$folder/lib.part/libssp_nonshared.a" "$folder/local.o"
  fi
  # Alpine's start files carry no debug information of how they were built; Debian's do.
  "$(strip_of "$1")" --strip-debug --enable-deterministic-archives "$folder"/lib.part/*.[ao]
  mv "$folder/lib.part" "$folder/lib"
fi
echo "$folder"
