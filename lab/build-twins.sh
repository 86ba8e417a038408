#!/bin/bash
# build-twins.sh FOLDER: builds two projects of real C code (Debian's source packages lua5.4 and bzip2) at each level of
# -fstack-protector, by gcc and clang, for glibc and musl, dynamic and static. Each is there twice: as linked, so that
# objdump can show its functions, and stripped. FOLDER/twins.tsv names them: NAME, machine, mode, level.
# Set MACHINES or OPTIMISATIONS to build for some of them only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
# shellcheck source=lab/compile.sh
. "$here/compile.sh"
: "${MACHINES:=x86_64 aarch64}" "${OPTIMISATIONS:=O2 Os}"
mkdir -p "$1"
out=$(realpath "$1")
: >"$out/twins.tsv"
: >"$out/errors.txt"
export LC_ALL=C

"$here/../scripts/system-packages.sh" twins
lua=$("$here/fetch-source.sh" lua5.4)/src
bzip2=$("$here/fetch-source.sh" bzip2)
for machine in $MACHINES; do "$here/../scripts/fetch-musl.sh" "$machine" >/dev/null; done
sources_of() { # PROJECT
  case $1 in
    lua) find "$lua" -name '*.c' ! -name luac.c | sort ;;
    bzip2) printf "$bzip2/%s.c\n" bzip2 blocksort huffman crctable randtable compress decompress bzlib ;;
  esac
}
defines_of() {
  case $1 in
    lua) echo -DLUA_USE_POSIX ;;
    bzip2) echo -D_FILE_OFFSET_BITS=64 ;;
  esac
}

make_twins() { # NAME PROJECT MACHINE LIBC COMPILER MODE FLAG...
  local name=$1 project=$2 machine=$3 sources
  shift 2
  readarray -t sources < <(sources_of "$project")
  if compile "$@" -w "$(defines_of "$project")" "${sources[@]}" -lm -o "$out/$name" 2>"$out/$name.log"; then
    stripped "$out/$name" "$out/$name.stripped" "$machine" "$name"
    rm "$out/$name.log"
  else
    { echo "$name: $*"; cat "$out/$name.log"; } >>"$out/errors.txt"
  fi
}

twins() { # PROJECT MACHINE LIBC COMPILER MODE LEVEL OPTIMISATION
  local name=$2-$3-$4-$5-$1-$6-$7
  printf '%s\t%s\t%s\t%s\n' "$name" "$2" "$5" "$6" >>"$out/twins.tsv"
  spawn make_twins "$name" "$1" "$2" "$3" "$4" "$5" "-$7" "$(ssp_flag "$6")" -U_FORTIFY_SOURCE
}

for machine in $MACHINES; do
  for libc in glibc musl; do
    for compiler in gcc clang; do
      for mode in pie static; do
        for level in none plain strong all; do
          for optimisation in $OPTIMISATIONS; do
            for project in lua bzip2; do twins "$project" "$machine" "$libc" "$compiler" "$mode" "$level" "$optimisation"; done
          done
        done
      done
    done
  done
done
wait
if [ -s "$out/errors.txt" ]; then
  cat "$out/errors.txt" >&2
  exit 1
fi
echo "built: $(wc -l <"$out/twins.tsv") pairs of twins in $out"
