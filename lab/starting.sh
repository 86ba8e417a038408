#!/bin/bash
# starting.sh [FOLDER...]: starts every image of the cases in every root at hand, and compares with the verdicts. By root.
# Roots: this machine's musl and glibc, Debian 11 to 13, and what lies in the folders: archives of Alpine's minirootfs, and
# roots named musl-VERSION-MACHINE that hold a loader. Prints what disagrees, and ends with counts. About an hour of processor
# time with a dozen roots; COUNT and SEED change how many cases are made by chance, and which.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
roots=$(realpath "$here/..")/.cache/starting-roots
mkdir -p "$roots"
for folder in "$@"; do
  for root in "$(realpath "$folder")"/alpine-minirootfs-*.tar.gz "$(realpath "$folder")"/musl-*; do
    [ ! -e "$root" ] || ln -sfn "$root" "$roots/"
  done
done
for suite in bullseye bookworm trixie; do "$here/fetch-debian-root.sh" "$suite" "$roots"; done
"$here/../scripts/system-packages.sh" starting

names=(musl glibc)
for root in "$roots"/*; do
  name=$(basename "$root" .tar.gz)
  names+=("${name/alpine-minirootfs/alpine}")
done
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
compare() { # compare NAME WORD...
  local file=$results/$1
  shift
  node "$here/../dist/lab/compare-with-started-images.js" --roots "$roots" "$@" >"$file" || true
}
all=$(IFS=, && echo "${names[*]}")
count=${COUNT:-600}
half=$((count / 2)) first=${SEED:-1}
{
  for name in "${names[@]}"; do printf 'table-%s --tables %s\n' "$name" "$name"; done
  printf 'chance-1 --count %s --seed %s --bases %s\n' "$half" "$first" "$all"
  printf 'chance-2 --count %s --seed %s --bases %s\n' "$((count - half))" "$((first + half))" "$all"
} >"$results/jobs"
while read -r -a words; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  compare "${words[@]}" </dev/null &
done <"$results/jobs"
wait
rm "$results/jobs"
grep -hv '^[0-9]' "$results"/* || true
# One line for each root, of what entrypoint-starts says; then all counts.
echo '| root | images | agree | fails and starts | passes and dies | other | undecided |'
echo '|---|---|---|---|---|---|---|'
for file in "$results"/*; do
  awk -v "name=$(basename "$file")" '
    / entrypoint-starts: / { all += $1; kind = $0; sub(/.*: /, "", kind); count[kind] += $1 }
    END {
      printf "| %s | %d | %d | %d | %d | %d | %d |\n", name, all, count["agrees"], count["false failure"], count["false pass"],
        count["other end"] + count["not called"], count["unknown"]
    }' "$file"
done
awk '/^[0-9]+ / { n = $1; sub(/^[0-9]+ /, ""); sum[$0] += n } END { for (name in sum) print sum[name], name }' "$results"/* | sort -k2
! grep -hqE '^[0-9]+ (.*false|not made)' "$results"/*
