# shellcheck shell=bash disable=SC2034,SC2154 # variables come from and go to build-changes.sh
# How a program of each language is built. Sourced by build-changes.sh.

cells() {
  local language
  for language in $LANGUAGES; do
    case $language in
      c | c++) echo "$language-gcc-x86_64 $language-gcc-aarch64 $language-clang-x86_64 $language-clang-aarch64" ;;
      rust) if command -v rustc >/dev/null; then echo rust-gcc-x86_64 rust-clang-x86_64; else echo 'no rustc' >&2; fi ;;
      root) echo root-musl-x86_64 ;;
      go) if command -v go >/dev/null; then echo go-gcc-x86_64 go-gcc-aarch64; else echo 'no go' >&2; fi ;;
    esac
  done
}

# The hardened build of the cell: flags of all code, of linking, and those that protect branches. Debian's start files have no landing
# pads, so the note for branches is not in it: forced, it would end the program where branches are restricted.
settings_of() {
  code=(-O2 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fPIE -fstack-clash-protection)
  link=(-pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--build-id=sha1)
  branches=(-fcf-protection=full)
  [ "$machine" = x86_64 ] || branches=(-mbranch-protection=standard)
}

# GNU ld sets the bit by the name alone, lld by force.
forced() { if [ "$compiler" = clang ]; then echo "force-$1"; else echo "$1"; fi; }

compiler_of() { # c or c++
  local command
  if [ "$compiler" = clang ]; then
    command=(clang-16)
    [ "$1" = c ] || command=(clang++-16)
    command+=("--target=$machine-linux-gnu" -Wno-unused-command-line-argument -fuse-ld=lld-16)
  else
    read -ra command <<<"$(gcc_of "$machine")"
    [ "$1" = c ] || command[0]=${command[0]/%gcc/g++}
  fi
  echo "${command[*]}"
}

# Options of `build_LANGUAGE OUTPUT`: flags of all code; after --half those of half of the C code; after --link those of linking;
# after --branches those that protect branches, in place of the usual ones; after --after a command that gets the file;
# --order links the objects in another order; --ready-start takes start files that are ready for branches to be restricted.
parse_options() {
  local into=more_code option
  more_code=() half=() more_link=() after=() own_branches=("${branches[@]}") objects=(main work more) start=()
  for option; do
    case $option in
      --order) objects=(more work main) ;;
      --ready-start) start=(-nostartfiles "$sources/start.S") ;;
      --half) into=half ;;
      --link) into=more_link ;;
      --after) into=after ;;
      --branches) into=own_branches own_branches=() ;;
      *)
        local -n list=$into
        list+=("$option")
        ;;
    esac
  done
}

# objects LANGUAGE FOLDER: the code in C, twice, so that half of it can differ.
objects() {
  local command source=$sources/work.c
  read -ra command <<<"$(compiler_of "$1")"
  [ "$1" = c ] || command+=(-x c++)
  "${command[@]}" "${code[@]}" "${own_branches[@]}" "${more_code[@]}" -c "$source" -o "$2/work.o"
  "${command[@]}" "${code[@]}" "${own_branches[@]}" "${more_code[@]}" "${half[@]}" -Dwork=more_work -c "$source" -o "$2/more.o"
}

build_c() { build_native c program.c "$@"; }
build_c++() { build_native c++ program.cc "$@"; }

build_native() { # LANGUAGE SOURCE OUTPUT OPTION ...
  local language=$1 source=$sources/$2 output=$3 command folder
  shift 3
  parse_options "$@"
  folder=$(mktemp -d)
  objects "$language" "$folder"
  read -ra command <<<"$(compiler_of "$language")"
  "${command[@]}" "${code[@]}" "${own_branches[@]}" "${more_code[@]}" -c "$source" -o "$folder/main.o"
  objects=("${objects[@]/#/$folder/}")
  "${command[@]}" "${start[@]}" "${objects[@]/%/.o}" -o "$output" "${link[@]}" "${own_branches[@]}" "${more_link[@]}"
  rm -r "$folder"
  [ ${#after[@]} = 0 ] || "${after[@]}" "$output"
}

# Rust's own code brings no note for branches, so the whole has none.
build_rust() { # OUTPUT OPTION ...
  local output=$1 folder flag arguments=()
  shift
  parse_options "$@"
  own_branches=()
  folder=$(mktemp -d)
  objects c "$folder"
  for flag in "$folder/work.o" "$folder/more.o" "${link[@]:1}" "${more_link[@]}"; do
    case $flag in -C*) arguments+=("$flag") ;; *) arguments+=(-C "link-arg=$flag") ;; esac
  done
  rustc -O -C strip=none "$sources/program.rs" -o "$output" "${arguments[@]}" --remap-path-prefix "$sources=."
  rm -r "$folder"
  [ ${#after[@]} = 0 ] || "${after[@]}" "$output"
}

build_go() { # OUTPUT OPTION ...
  local output=$1 folder mode=pie flag linking=()
  shift
  parse_options "$@"
  folder=$(mktemp -d)
  cp "$sources"/{work.c,work.h} "$folder"
  ln -s "$work/plugins" "$folder/plugins"
  cp "$sources/program.go" "$folder/main.go"
  printf '#define work more_work\n#include "work.c"\n' >"$folder/more.c"
  for flag in "${more_link[@]}"; do
    case $flag in -no-pie) mode=exe ;; *) linking+=("$flag") ;; esac
  done
  [ $mode = exe ] || linking=("${link[@]}" "${linking[@]}")
  [ $mode = pie ] || linking=("${link[@]:1}" "${linking[@]}")
  (
    cd "$folder"
    export GOFLAGS='-buildvcs=false -trimpath' GO111MODULE=off CGO_ENABLED=1 CC GOARCH
    GOARCH=$([ "$machine" = x86_64 ] && echo amd64 || echo arm64)
    CC=$(compiler_of c)
    CGO_CFLAGS="${code[*]} ${more_code[*]}" go build -buildmode=$mode \
      -ldflags "-linkmode=external -extldflags '${linking[*]}'" -o "$output" .
  )
  rm -r "$folder"
  [ ${#after[@]} = 0 ] || "${after[@]}" "$output"
}

# A root of musl around the program and a library of its own.
build_root() { # OUTPUT OPTION ...
  local output=$1 root=${1%/*}
  shift
  parse_options "$@"
  mkdir -p "$root"/{etc,lib,usr/bin,usr/lib}
  printf 'ID=small\nNAME=Small\n' >"$root/etc/os-release"
  cp /usr/lib/x86_64-linux-musl/libc.so "$root/lib/ld-musl-x86_64.so.1"
  musl-gcc "${code[@]/-fPIE/-fPIC}" "${own_branches[@]}" -shared -Wl,-soname,libwork.so -Dwork=more_work "$sources/work.c" \
    -o "$root/usr/lib/libwork.so" "${link[@]:1}"
  musl-gcc "${code[@]}" "${own_branches[@]}" "${more_code[@]}" "$sources"/{program,work}.c "$root/usr/lib/libwork.so" \
    -Wl,--no-as-needed -o "$root/usr/bin/app" "${link[@]}" "${more_link[@]}"
  [ ${#after[@]} = 0 ] || "${after[@]}" "$root/usr/bin/app"
}
