#!/bin/bash
# build-linkers.sh FOLDER: links the same programs by every linker, then changes them by the tools that packagers use, and
# writes FOLDER/labels.tsv as build-matrix.sh does: what the flags of the linker say stays true, whatever was changed later.
# LINKERS names others (a command on the path, such as wild or another mold), MACHINES takes some machines only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
# shellcheck source=lab/compile.sh
. "$here/compile.sh"
# shellcheck source=lab/matrix-labels.sh
. "$here/matrix-labels.sh"
# shellcheck source=lab/linkers/changes.sh
. "$here/linkers/changes.sh"
: "${MACHINES:=x86_64 aarch64 s390x}" "${LINKERS:=bfd gold lld-16 lld-19 mold}"
mkdir -p "$1/parts"
out=$(realpath "$1")
parts=$out/parts
labels=$out/labels.tsv
: >"$labels"
: >"$out/errors.txt"
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
cd "$here/../samples/elf/sources"

"$here/../scripts/system-packages.sh" linkers

# Sets of flags, by name.
declare -A requests=(
  [full]=-Wl,-z,relro,-z,now,-z,noexecstack
  [partial]=-Wl,-z,relro,-z,lazy,-z,noexecstack
  [nowonly]=-Wl,-z,norelro,-z,now,-z,noexecstack
  [bare]=-Wl,-z,norelro,-z,lazy,-z,execstack
)

# Stops the build at the end, not here: it may run in parallel.
attempt() { # NAME COMMAND ARGUMENT...
  local name=$1
  shift
  "$@" >"$parts/$name.log" 2>&1 || { echo "$name: $*" && cat "$parts/$name.log"; } >>"$out/errors.txt"
}

# A folder with the linker as `ld`, for -B of gcc and --ld-path of clang: -fuse-ld knows no version and no cross compiler.
linker_folder() { # LINKER MACHINE
  local folder=$parts/$1-$2 command=$1 prefix
  prefix=$(gcc_of "$2")
  case $1 in
    bfd | gold) command=${prefix%gcc}ld.$1 ;;
    lld-*) command=ld.$1 ;;
  esac
  mkdir -p "$folder"
  printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v "$command")" >"$folder/ld"
  chmod +x "$folder/ld"
}

# Which linkers know the machine.
can_link() { # LINKER MACHINE
  case $1-$2 in
    bfd-* | lld-19-* | *-x86_64 | *-aarch64) true ;;
    *) false ;;
  esac
}

libcs_of() { case $1 in s390x) echo glibc ;; *) echo glibc musl ;; esac; }
# Debian's glibc for s390x has no start file for static PIE, and gold does not know them.
modes_of() { # MACHINE LINKER
  case $1-$2 in
    s390x-* | *-gold) echo pie nopie lib static ;;
    *) echo pie nopie lib static staticpie ;;
  esac
}
source_of() { case $1 in lib) echo library ;; *) echo program ;; esac; }
# How code for a mode is compiled: three kinds of objects serve five modes.
code_of() { case $1 in static) echo nopie ;; staticpie) echo pie ;; *) echo "$1" ;; esac; }

objects_of() { # MACHINE LIBC COMPILER
  local code
  for code in pie nopie lib; do
    spawn attempt "$1-$2-$3-$code" compile "$1" "$2" "$3" "$code" -O2 -c "$(source_of "$code").c" \
      -o "$parts/$1-$2-$3-$code.o"
  done
}

program() { # MACHINE LIBC COMPILER LINKER MODE REQUEST
  local name=$1-$2-$3-$4-$5-$6 ld=$parts/$4-$1 chosen
  [ "$3" = gcc ] && chosen=("-B$ld" -fno-use-linker-plugin) || chosen=("--ld-path=$ld/ld")
  attempt "$name" compile "$1" "$2" "$3" "$5" "${chosen[@]}" "${requests[$6]}" \
    "$parts/$1-$2-$3-$(code_of "$5").o" -o "$out/$name"
  [ -f "$out/$name" ] || return 0
  case $6 in full | bare) changes "$name" "$1" "$4" "$5" ;; esac
}

label() { # NAME MACHINE LIBC COMPILER LINKER MODE REQUEST
  local suffix known linker=$5
  known=$({
    labels_of_mode "$6"
    labels_of_linker "$2" "$3" "$4" "$6" " ${requests[$7]} "
    static_labels "$2" "$3" "$5" "$6" "$7"
  })
  for suffix in '' $(case $7 in full | bare) changes_of "$5" "$6" ;; esac); do
    # shellcheck disable=SC2046,SC2086 # one word a label
    (IFS=$'\t' && set -- "$1${suffix:+.$suffix}" "$2" "$known" "$(lost_by "$suffix" "$3" "$6")" && echo "$*") |
      tr -s ' \n' '\t\t' | sed 's/\t*$/\n/' >>"$labels"
  done
}

# glibc's static programs choose functions at start: their slots are in PT_GNU_RELRO by -z now alone, with mold always.
static_labels() { # MACHINE LIBC LINKER MODE REQUEST
  case $4-$5-$2-$3-$1 in
    static*-full-glibc-lld*-aarch64) echo relro=fail ;;
    static*-full-* | static*-partial-musl-* | static*-partial-*-mold-*) echo relro=pass ;;
    static*) echo relro=fail ;;
  esac
}

# What a change takes away. GNU objcopy drops PT_GNU_RELRO with the sections of a PT_NOTE, which musl's start files lack.
# patchelf moves the dynamic section to a writable segment behind what PT_GNU_RELRO covers.
lost_by() { # CHANGE LIBC MODE
  case $1-$2-$3 in
    nonote-glibc-lib) ;;
    nonote-glibc-* | rpath-* | needed-* | rpathstrip-*) echo relro=fail ;;
  esac
}

for machine in $MACHINES; do
  case $(libcs_of "$machine") in *musl*) "$here/../scripts/fetch-musl.sh" "$machine" >/dev/null ;; esac
  for libc in $(libcs_of "$machine"); do
    for compiler in gcc clang; do objects_of "$machine" "$libc" "$compiler"; done
  done
done
wait
for machine in $MACHINES; do
  for linker in $LINKERS; do
    can_link "$linker" "$machine" || continue
    linker_folder "$linker" "$machine"
    for libc in $(libcs_of "$machine"); do
      for mode in $(modes_of "$machine" "$linker"); do
        for request in full partial nowonly bare; do
          # Another compiler's code is linked alike: two requests show it.
          for compiler in gcc clang; do
            case $compiler-$request in clang-partial | clang-nowonly) continue ;; esac
            label "$machine-$libc-$compiler-$linker-$mode-$request" "$machine" "$libc" "$compiler" "$linker" "$mode" "$request"
            spawn program "$machine" "$libc" "$compiler" "$linker" "$mode" "$request"
          done
        done
      done
    done
  done
done
wait
find "$out" -maxdepth 1 -name '*.nosections' -print0 | xargs -0 node "$here/../scripts/edit-elf.mjs" strip-sections

while IFS=$'\t' read -r name _; do
  [ -f "$out/$name" ] || echo "$name was not built" >>"$out/errors.txt"
done <"$labels"
if [ -s "$out/errors.txt" ]; then
  head -40 "$out/errors.txt" >&2
  exit 1
fi
echo "built: $(wc -l <"$labels") files in $out"
