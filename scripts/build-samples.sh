#!/bin/bash
# build-samples.sh [PATTERN]: rebuilds samples/elf from its sources and recipes, on Debian 12: the same bytes each
# time. With a pattern (x86_64-musl-*) only samples of such names are built. Without one, the table of
# samples/elf/README.md is written anew too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/toolchains.sh"
pattern=${1:-*}
folder=$(realpath "$here/../samples/elf")
table=$(mktemp)
trap 'rm -f "$table"' EXIT
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1700000000 ZERO_AR_DATE=1

# For some samples, what their recipes run is enough.
[ "$pattern" != '*' ] || need_commands gcc=gcc clang-16=clang-16 ld.lld-16=lld-16 llvm-strip-16=llvm-16 musl-gcc=musl-tools go=golang-go \
  rustc=rustc node=nodejs patchelf=patchelf "upx=upx-ucl (of bookworm-backports)" \
  aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu arm-linux-gnueabihf-gcc=gcc-arm-linux-gnueabihf \
  riscv64-linux-gnu-gcc=gcc-riscv64-linux-gnu powerpc64le-linux-gnu-gcc=gcc-powerpc64le-linux-gnu \
  s390x-linux-gnu-gcc=gcc-s390x-linux-gnu mips-linux-gnu-gcc=gcc-mips-linux-gnu
[ "$pattern" != '*' ] || [ -f /usr/lib/gcc/x86_64-linux-gnu/12/32/crtbegin.o ] || need_commands no-such-command=gcc-multilib

# Commands run in samples/elf/sources, so that no path of this machine can end up in a file.
cd "$folder/sources"
# shellcheck disable=SC2034 # used by the recipes
tools=../../../scripts parts=../../../.cache/samples
mkdir -p "$parts"

# shellcheck disable=SC2254 # it is a pattern
wanted() { case $1 in $pattern) ;; *) return 1 ;; esac; }
row() { # NAME WHY COMMAND...
  local name=$1 why=$2
  shift 2
  # shellcheck disable=SC2016 # the quotes and $PWD are text for the table
  printf '| `%s` | %s | `%s` |\n' "$name" "$why" "${*//"$PWD"/'$PWD'}" >>"$table"
}

# part NAME COMMAND...: an intermediate file, $parts/NAME, that is not a sample.
part() {
  local name=$1
  shift
  "$@" -o "$parts/$name"
}

# sample NAME WHY COMMAND...: the command, with `-o ../NAME` behind it or OUTPUT replaced by ../NAME, makes the sample.
sample() {
  local name=$1 why=$2
  shift 2
  row "$name" "$why" "$@"
  wanted "$name" || return 0
  local command=("${@/#OUTPUT/../$name}")
  [ "${command[*]}" != "$*" ] || command+=(-o "../$name")
  "${command[@]}" || { echo "failed: $name: $*" >&2 && exit 1; }
}

# edited NAME WHY ORIGINAL COMMAND...: a copy of the sample or part ORIGINAL, changed by the command with the copy's name behind it.
edited() {
  local name=$1 why=$2 original=$3
  shift 3
  row "$name" "$why" "cp $original $name && $*"
  wanted "$name" || return 0
  if [ -f "../$original" ]; then cp "../$original" "../$name"; else cp "$parts/$original" "../$name"; fi
  "$@" "../$name" >/dev/null || { echo "failed: $name: $*" >&2 && exit 1; }
}

for recipes in ../recipes/*.sh; do
  # shellcheck source=/dev/null
  . "$recipes"
done
rm -rf "$parts"

if [ "$pattern" = '*' ]; then
  sed -i '/^| `/d' ../README.md
  sed -i "/^|---/r $table" ../README.md
fi
echo "built: $(find .. -maxdepth 1 -type f ! -name '*.md' | wc -l) samples, $(du -sk .. | cut -f1) KiB"
