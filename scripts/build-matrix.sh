#!/bin/bash
# build-matrix.sh FOLDER: builds the labelled matrix, programs of known flags for eight machines, and FOLDER/labels.tsv:
# a line a file, with its name, its machine, and RULE=OUTCOME for each rule whose answer follows from the flags.
# Each program is there three times: as linked, stripped, and without section headers; the labels stay the same.
# Set MACHINES to build for some of them only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/toolchains.sh"
# shellcheck source=scripts/matrix-labels.sh
. "$here/matrix-labels.sh"
: "${MACHINES:=x86_64 i386 aarch64 arm riscv64 ppc64le s390x mips}"
mkdir -p "$1"
out=$(realpath "$1")
labels=$out/labels.tsv
: >"$labels"
: >"$out/errors.txt"
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
cd "$here/../samples/elf/sources"

need_commands clang-16=clang-16 ld.lld-16=lld-16 llvm-strip-16=llvm-16 node=nodejs
for machine in $MACHINES; do
  compiler=$(gcc_of "$machine")
  need_commands "${compiler%% *}=${compiler%% *} (Debian's cross compiler, gcc-multilib for i386)"
done

# compile MACHINE LIBC COMPILER MODE ARGUMENT...
compile() {
  local machine=$1 libc=$2 compiler=$3 mode=$4 command
  shift 4
  if [ "$libc" = musl ]; then
    "$here/musl-cc.sh" "$machine" "$compiler" "$mode" "$@"
    return
  fi
  if [ "$compiler" = gcc ]; then
    read -ra command <<<"$(gcc_of "$machine")"
  else
    command=(clang-16 "--target=$(clang_glibc_target "$machine")" -Wno-unused-command-line-argument)
    [ "$machine" = s390x ] || command+=(-fuse-ld=lld-16)
  fi
  case $mode in
    pie) command+=(-fPIE -pie) ;;
    nopie) command+=(-fno-pie -no-pie) ;;
    static) command+=(-fno-pie -no-pie -static) ;;
    staticpie) command+=(-fPIE -static-pie) ;;
    lib) command+=(-fPIC -shared) ;;
  esac
  "${command[@]}" "$@"
}

# Two programs are made at a time.
spawn() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  "$@" &
}

make_program() { # NAME MACHINE LIBC COMPILER MODE ARGUMENT...
  local name=$1
  shift
  if ! compile "$@" -o "$out/$name" 2>"$out/$name.log"; then
    { echo "$name: $*"; cat "$out/$name.log"; } >>"$out/errors.txt"
    return
  fi
  rm -f "$out/$name.log"
  strip_variants "$name"
}

# GNU strip damages what lld links for RISC-V, llvm-strip refuses static programs of GNU ld: each linker has its own.
# The section headers go at the end, from all files at once.
strip_variants() { # NAME
  local strip
  strip=$(strip_of "${1%%-*}")
  case $1 in s390x-*) ;; *-clang-*) strip=llvm-strip-16 ;; esac
  $strip -o "$out/$1.stripped" "$out/$1"
  cp "$out/$1.stripped" "$out/$1.nosections"
}

label() { # NAME MACHINE RULE=OUTCOME...
  local name=$1 machine=$2 suffix
  shift 2
  for suffix in '' .stripped .nosections; do
    (IFS=$'\t' && echo "$name$suffix"$'\t'"$machine"$'\t'"$*") >>"$labels"
  done
}

# program FEATURE MACHINE LIBC COMPILER MODE ARGUMENT... -- RULE=OUTCOME...: labels given here win over what the flags say.
program() {
  local feature=$1 machine=$2 libc=$3 compiler=$4 mode=$5 arguments=()
  local name=$machine-$libc-$compiler-$mode-$feature
  shift 5
  while [ $# -gt 0 ] && [ "$1" != -- ]; do arguments+=("$1") && shift; done
  [ $# -eq 0 ] || shift
  # shellcheck disable=SC2046 # one word a label
  label "$name" "$machine" $(labels_of "$machine" "$libc" "$compiler" "$mode" "${arguments[@]}") "$@"
  spawn make_program "$name" "$machine" "$libc" "$compiler" "$mode" "${arguments[@]}"
}

# shellcheck source=scripts/matrix-programs.sh
. "$here/matrix-programs.sh"
for machine in $MACHINES; do matrix_of "$machine"; done
wait
edited_programs
wait
find "$out" -name '*.nosections' -print0 | xargs -0 node "$here/edit-elf.mjs" strip-sections

while IFS=$'\t' read -r name _; do
  [ -f "$out/$name" ] || echo "$name was not built" >>"$out/errors.txt"
done <"$labels"
if [ -s "$out/errors.txt" ]; then
  cat "$out/errors.txt" >&2
  exit 1
fi
echo "built: $(wc -l <"$labels") files in $out"
