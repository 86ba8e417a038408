#!/bin/bash
# build-for-releases.sh FOLDER: fills FOLDER with small programs for glibc and musl that need something of a release: a function that it
# added, DT_RELR, versions of libstdc++, or the libraries of NSS. What a linker or library of this machine cannot do is left out.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in explicit_bzero getrandom copy_file_range secure_getenv gettid reallocarray qsort_r membarrier puts; do
  # It is only linked: what it would do with these arguments is of no matter.
  echo "long $name(); int main(int count, char **words) { if (count > 9) return $name(0, 0, 0, 0, 0, 0); return 0; }" >"$work/$name.c"
  musl-gcc -O1 -w -fno-builtin -o "$folder/musl-$name" "$work/$name.c" 2>/dev/null || true
  gcc -O1 -w -fno-builtin -o "$folder/glibc-$name" "$work/$name.c" 2>/dev/null || true
done
cat >"$work/users.c" <<'END'
#include <pwd.h>
#include <stdio.h>
int main(void) { struct passwd *user = getpwnam("root"); printf("%s\n", user ? user->pw_dir : "none"); return 0; }
END
gcc -static -w -o "$folder/static-users" "$work/users.c" 2>/dev/null
gcc -static -w -o "$folder/static-plain" "$work/puts.c" -fno-builtin
for linker in bfd gold lld mold; do
  for option in -z,pack-relative-relocs --pack-dyn-relocs=relr; do
    gcc -fuse-ld=$linker "-Wl,$option" -o "$folder/glibc-relr-$linker$option" "$work/users.c" 2>/dev/null || true
    musl-gcc -fuse-ld=$linker "-Wl,$option" -o "$folder/musl-relr-$linker$option" "$work/users.c" 2>/dev/null || true
  done
done
for file in "$folder"/*,*; do [ ! -e "$file" ] || mv "$file" "${file//,/-}"; done
echo 'int main() { return 0; }' | gcc -O1 -w -Wl,-z,execstack -o "$folder/glibc-execstack" -x c -
