#!/bin/bash
# build-changes.sh FOLDER: releases that differ in one thing. Each cell (a language, a compiler, a machine) has a hardened
# build and one for each change of lab/changes/table.sh, as FOLDER/CELL/NAME/app. FOLDER/changes.tsv has a line a change: cell, name,
# the build before it, the exit code, what a comparison has to list: LIST=RULE ..., and the option that it has to name as lost, or -.
# LANGUAGES="c c++ root rust go" takes some languages only; those whose compilers are not installed are left out and named.
# WITHOUT="packed ..." leaves some changes out (`packed` fetches a packer).
# CELLS="c-gcc-x86_64 ..." takes some cells only, and keeps what is in FOLDER of others.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
# shellcheck source=lab/compile.sh
. "$here/compile.sh"
# shellcheck source=lab/changes/cells.sh
. "$here/changes/cells.sh"
: "${LANGUAGES:=c c++ root rust go}"
mkdir -p "$1"
out=$(realpath "$1")
table=$out/changes.tsv
: "${CELLS:=}"
: "${WITHOUT:=}"
touch "$table"
for each in ${CELLS:-.*}; do sed -i "/^$each\t/d" "$table"; done
: >"$out/errors.txt"
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
sources=$here/changes
# A library by a relative path is needed by that path.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir plugins

"$here/../scripts/system-packages.sh" changes

# change NAME EXIT EXPECTED OPTION ...: EXPECTED is LIST=RULE, several with commas between, or `nothing`. Options as `build` has them.
# `before` is another build that it is compared with, `lost` the option that was lost.
change() {
  local name=$1 exit=$2 expected=$3
  case " $WITHOUT " in *" $name "*) return ;; esac
  shift 3
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$cell" "$name" "${before:-hardened}" "$exit" "${expected//,/ }" "${lost:--}" >>"$table"
  spawn make "$name" "$@"
}

# make NAME OPTION ...: one build of the cell.
make() {
  local name=$1 place=$out/$cell/$1
  rm -rf "$place"
  mkdir -p "$place"
  # In a condition a command that fails would end nothing.
  set +e
  (set -e && "build_$language" "$place/app" "${@:2}") >"$place.log" 2>&1
  if [ $? != 0 ]; then { echo "$cell $name:" && cat "$place.log"; } >>"$out/errors.txt"; fi
  set -e
  rm "$place.log"
}

# shellcheck source=lab/changes/table.sh
. "$here/changes/table.sh"
# shellcheck source=lab/changes/rebuilds.sh
. "$here/changes/rebuilds.sh"
for cell in $(cells); do
  case " ${CELLS:-$cell} " in *" $cell "*) ;; *) continue ;; esac
  IFS=- read -r language compiler machine <<<"$cell"
  settings_of
  make hardened
  changes_of_cell
  rebuilds_of_cell
done
wait
if [ -e "$out/c-gcc-x86_64/hardened/app" ]; then archives; fi

if [ -s "$out/errors.txt" ]; then
  cat "$out/errors.txt" >&2
  exit 1
fi
echo "built: $(wc -l <"$table") changes of $(cut -f1 "$table" | sort -u | wc -l) cells in $out"
