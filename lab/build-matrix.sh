#!/bin/bash
# build-matrix.sh FOLDER: builds the labelled matrix, programs of known flags for eight machines, and FOLDER/labels.tsv:
# a line a file, with its name, its machine, and RULE=OUTCOME for each rule whose answer follows from the flags.
# Each program is there three times: as linked, stripped, and without section headers; the labels stay the same.
# Set MACHINES to build for some of them only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
# shellcheck source=lab/compile.sh
. "$here/compile.sh"
# shellcheck source=lab/matrix-labels.sh
. "$here/matrix-labels.sh"
: "${MACHINES:=x86_64 i386 aarch64 arm riscv64 ppc64le s390x mips}"
mkdir -p "$1"
out=$(realpath "$1")
labels=$out/labels.tsv
: >"$labels"
: >"$out/errors.txt"
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
cd "$here/../samples/elf/sources"

"$here/../scripts/system-packages.sh" matrix

make_program() { # NAME MACHINE LIBC COMPILER MODE ARGUMENT...
  make_object "$@"
  [ ! -f "$out/$1" ] || strip_variants "$1"
}

make_object() {
  local name=$1
  shift
  if ! compile "$@" -o "$out/$name" 2>"$out/$name.log"; then
    { echo "$name: $*"; cat "$out/$name.log"; } >>"$out/errors.txt"
    return
  fi
  rm -f "$out/$name.log"
}

# The section headers go at the end, from all files at once.
strip_variants() { # NAME
  stripped "$out/$1" "$out/$1.stripped" "${1%%-*}" "$1"
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

# object FEATURE MACHINE COMPILER ARGUMENT... -- RULE=OUTCOME...: an object file of glibc, which has no other variants:
# without .symtab nothing shows its functions, and no linker takes it.
object() {
  local feature=$1 machine=$2 compiler=$3 arguments=()
  local name=$machine-glibc-$compiler-object-$feature
  shift 3
  while [ "$1" != -- ]; do arguments+=("$1") && shift; done
  shift
  (IFS=$'\t' && echo "$name"$'\t'"$machine"$'\t'"$*") >>"$labels"
  spawn make_object "$name" "$machine" glibc "$compiler" object "${arguments[@]}"
}

# shellcheck source=lab/matrix-programs.sh
. "$here/matrix-programs.sh"
# Built first, since two compilations at a time may need it.
for machine in $MACHINES; do
  case $(libcs_of "$machine") in *musl*) "$here/../scripts/fetch-musl.sh" "$machine" >/dev/null ;; esac
done
for machine in $MACHINES; do matrix_of "$machine"; done
wait
edited_programs
wait
find "$out" -name '*.nosections' -print0 | xargs -0 node "$here/../scripts/edit-elf.mjs" strip-sections

while IFS=$'\t' read -r name _; do
  [ -f "$out/$name" ] || echo "$name was not built" >>"$out/errors.txt"
done <"$labels"
if [ -s "$out/errors.txt" ]; then
  cat "$out/errors.txt" >&2
  exit 1
fi
echo "built: $(wc -l <"$labels") files in $out"
