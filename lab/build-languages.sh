#!/bin/bash
# build-languages.sh FOLDER: programs of Go, Rust and Zig with and without C code, and what their flags say of them
# (labels.tsv, for check-matrix). Takes the toolchains that are installed; `cargo` fetches the crate `cc`.
set -eu
folder=${1:?expected a folder}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$folder/labels.tsv"

none='-O2 -fno-stack-protector -U_FORTIFY_SOURCE'
strong='-O2 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE='

# label NAME STACK-PROTECTOR FORTIFY
label() { printf '%s\tx86_64\tstack-protector=%s\tfortify-source=%s\n' "$1" "$2" "$3" >> "$folder/labels.tsv"; }

# flags_of KIND, labels_of KIND: none, f2, f3, or both without (canaries only)
flags_of() {
  case $1 in
  none) echo "$none" ;;
  f2) echo "${strong}2" ;;
  f3) echo "${strong}3" ;;
  esac
}
labels_of() { [ "$1" = none ] && echo fail fail || echo pass pass; }

cat > "$work/work.c" <<'C'
#include <stdio.h>
#include <string.h>
#include "work.h"
int work(const char *text) {
  char copy[64];
  strcpy(copy, text);
  printf("%s %zu\n", copy, strlen(copy));
  return copy[3];
}
int format(const char *text, int number) {
  char line[128];
  sprintf(line, "%s=%d", text, number);
  return printf("%s\n", line);
}
C
echo 'int work(const char *text); int format(const char *text, int number);' > "$work/work.h"

go_programs() {
  export GOFLAGS=-buildvcs=false GO111MODULE=off
  mkdir -p "$work/pure" "$work/net" "$work/cgo"
  cat > "$work/pure/main.go" <<'GO'
package main
import ("fmt"; "os"; "sort")
func main() { sort.Strings(os.Args); fmt.Println(os.Args) }
GO
  cat > "$work/net/main.go" <<'GO'
package main
import ("fmt"; "net"; "os/user")
func main() { a, _ := net.LookupHost("localhost"); u, _ := user.Current(); fmt.Println(a, u) }
GO
  cp "$work/work.c" "$work/work.h" "$work/cgo"
  cat > "$work/cgo/main.go" <<'GO'
package main
// #include "work.h"
import "C"
import ("fmt"; "os")
//export Answer
func Answer() int { return 42 }
func main() { fmt.Println(C.work(C.CString(os.Args[0])), C.format(C.CString("x"), 3)) }
GO
  for variant in default trimpath stripped pie external nocgo; do
    for program in pure net; do
      name="go-$program-$variant"
      go_build "$work/$program" "$folder/$name" "$variant"
      label "$name" not-applicable not-applicable
    done
  done
  for kind in none f2 f3; do
    for variant in default trimpath stripped pie strip shared; do
      name="go-cgo-$variant-$kind"
      CGO_CFLAGS=$(flags_of $kind) go_build "$work/cgo" "$folder/$name" "$variant"
      # shellcheck disable=SC2046
      label "$name" $(labels_of $kind)
    done
    # Of a static program only the canaries show.
    for variant in static staticpie; do
      name="go-cgo-$variant-$kind"
      CGO_CFLAGS=$(flags_of $kind) go_build "$work/cgo" "$folder/$name" "$variant"
      printf '%s\tx86_64\tstack-protector=%s\n' "$name" "$(labels_of $kind | cut -d' ' -f1)" >> "$folder/labels.tsv"
    done
  done
}

go_build() {
  case $3 in
  trimpath) (cd "$1" && go build -trimpath -o "$2" .) ;;
  stripped) (cd "$1" && go build -ldflags '-s -w' -o "$2" .) ;;
  pie) (cd "$1" && go build -buildmode=pie -o "$2" .) ;;
  external) (cd "$1" && go build -ldflags -linkmode=external -o "$2" .) ;;
  static) (cd "$1" && go build -ldflags '-linkmode=external -extldflags=-static' -o "$2" .) ;;
  staticpie) (cd "$1" && go build -buildmode=pie -ldflags '-linkmode=external -extldflags=-static-pie' -o "$2" .) ;;
  shared) (cd "$1" && go build -buildmode=c-shared -o "$2" .) && rm -f "$2.h" ;;
  nocgo) (cd "$1" && CGO_ENABLED=0 go build -o "$2" .) ;;
  strip) (cd "$1" && go build -o "$2" .) && strip "$2" ;;
  *) (cd "$1" && go build -o "$2" .) ;;
  esac
}

rust_programs() {
  mkdir -p "$work/rust/src" "$work/plain"
  cp "$work/work.c" "$work/work.h" "$work/rust/src"
  cat > "$work/rust/Cargo.toml" <<'TOML'
[package]
name = "program"
version = "0.1.0"
edition = "2021"
[build-dependencies]
cc = "1"
[profile.lto]
inherits = "release"
lto = "fat"
strip = true
panic = "abort"
codegen-units = 1
[profile.small]
inherits = "release"
opt-level = "s"
strip = true
TOML
  echo 'fn main() { cc::Build::new().file("src/work.c").compile("work"); }' > "$work/rust/build.rs"
  cat > "$work/rust/src/main.rs" <<'RS'
use std::ffi::CString;
use std::os::raw::c_char;
extern "C" {
    fn work(text: *const c_char) -> i32;
    fn format(text: *const c_char, number: i32) -> i32;
}
fn main() {
    for argument in std::env::args() {
        let text = CString::new(argument).unwrap();
        println!("{}", unsafe { work(text.as_ptr()) + format(text.as_ptr(), 3) });
    }
}
RS
  cat > "$work/plain/main.rs" <<'RS'
use std::collections::HashMap;
fn main() {
    let mut lengths = HashMap::new();
    for argument in std::env::args() { *lengths.entry(argument.len()).or_insert(0) += 1; }
    let text = std::thread::spawn(|| std::fs::read_to_string("/etc/hostname").unwrap_or_default());
    println!("{lengths:?} {}", text.join().unwrap());
}
RS
  while read -r name options; do
    # shellcheck disable=SC2086
    rustc $options "$work/plain/main.rs" -o "$folder/rust-plain-$name"
    label "rust-plain-$name" not-applicable not-applicable
  done <<'OPTIONS'
release -O
debug -C opt-level=0
lto -O -C panic=abort -C lto=fat -C strip=symbols
small -C opt-level=s -C strip=symbols
static -O -C target-feature=+crt-static
bfd -O -C link-arg=-fuse-ld=bfd
OPTIONS
  for kind in none f2 f3; do
    for compiler in gcc clang-16; do
      command -v $compiler > /dev/null || continue
      for profile in release dev lto small; do
        output=$profile
        [ $profile = dev ] && output=debug
        name="rust-cc-$profile-$compiler-$kind"
        (cd "$work/rust" && CC=$compiler CFLAGS=$(flags_of $kind) \
          cargo build -q --profile $profile --target-dir "$work/$name")
        cp "$work/$name/$output/program" "$folder/$name"
        rm -rf "${work:?}/$name"
        # shellcheck disable=SC2046
        label "$name" $(labels_of $kind)
      done
    done
  done
}

zig_programs() {
  zig=$(command -v zig || echo "python3 -m ziglang")
  $zig version > /dev/null 2>&1 || return 0
  cat > "$work/main.zig" <<'ZIG'
const std = @import("std");
pub fn main() void { std.debug.print("hello {d}\n", .{42}); }
ZIG
  $zig build-exe -O ReleaseSafe -target x86_64-linux "$work/main.zig" -femit-bin="$folder/zig-plain" || return 0
  label zig-plain not-applicable not-applicable
}

if command -v go > /dev/null; then go_programs; fi
if command -v cargo > /dev/null; then rust_programs; fi
zig_programs
wc -l < "$folder/labels.tsv"
