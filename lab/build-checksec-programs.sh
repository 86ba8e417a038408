#!/bin/bash
# build-checksec-programs.sh FOLDER: programs such as those that checksec 3 tests itself with (gcc and clang, 64 and 32 bits), and
# FOLDER/labels.tsv for check-matrix: what checksec's tests expect of each, in the words of our rules. Sources and builds are
# written anew; what a build is for, and what is expected of it, is theirs. What they expect of symbols has no rule here; RPATH and RUNPATH
# are one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
"$here/../scripts/system-packages.sh" matrix
mkdir -p "$1"
out=$(realpath "$1")
: >"$out/labels.tsv"
cd "$out"

# One function with one buffer, whose text comes from outside.
cat >greet.c <<'C'
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static int same(int number) { return number; }
int main(int count, char **words) {
  char text[16];
  int (*volatile chosen)(int) = same;
  strcpy(text, count > 1 ? words[1] : "nothing");
  printf("%s %d\n", text, chosen(7));
  sleep(2);
  return 0;
}
C
# A libc, and nothing that FORTIFY could check.
cat >wait.c <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void) {
  puts("waiting");
  sleep(2);
  return 0;
}
C
# No libc at all: write, nanosleep, exit.
cat >bare64.s <<'S'
.globl _start
.text
_start:
  mov $1, %eax; mov $1, %edi; lea text(%rip), %rsi; mov $8, %edx; syscall
  mov $35, %eax; lea pause(%rip), %rdi; xor %esi, %esi; syscall
  mov $60, %eax; xor %edi, %edi; syscall
.data
text: .ascii "waiting\n"
pause: .quad 2, 0
.section .note.GNU-stack,"",@progbits
S
cat >bare32.s <<'S'
.globl _start
.text
_start:
  mov $4, %eax; mov $1, %ebx; mov $text, %ecx; mov $8, %edx; int $0x80
  mov $162, %eax; mov $pause, %ebx; xor %ecx, %ecx; int $0x80
  mov $1, %eax; xor %ebx, %ebx; int $0x80
.data
text: .ascii "waiting\n"
pause: .long 2, 0
.section .note.GNU-stack,"",@progbits
S

label() { # NAME RULE=OUTCOME...
  local name=$1 as=x86_64
  shift
  [[ $name == *32* ]] && as=i386
  (
    IFS=$'\t'
    printf '%s\t%s\t%s\n' "$name" "$as" "$*" >>labels.tsv
  )
}

hard=(-w -O2 -fpie -fstack-protector-strong)
linked=(-z noexecstack -z relro -s)

build_all() { # SUFFIX BITS COMPILER...
  local suffix=$1 bits=$2
  shift 2
  local compile=("$@")
  "${compile[@]}" "${hard[@]}" -D_FORTIFY_SOURCE=3 -pie -z now "${linked[@]}" greet.c -o "all$suffix"
  label "all$suffix" relro=pass stack-protector=pass non-executable-stack=pass pie=pass safe-run-path=pass fortify-source=pass
  "${compile[@]}" "${hard[@]}" -D_FORTIFY_SOURCE=1 -z lazy "${linked[@]}" greet.c -o "partial$suffix"
  label "partial$suffix" relro=fail
  local tags
  for tags in rpath:disable runpath:enable; do
    local name=${tags%:*}$suffix
    "${compile[@]}" "${hard[@]}" -D_FORTIFY_SOURCE=2 -pie -z now "${linked[@]}" -Wl,-rpath,./ "-Wl,--${tags#*:}-new-dtags" \
      greet.c -o "$name"
    label "$name" safe-run-path=fail
  done
  "${compile[@]}" -w -O2 -D_FORTIFY_SOURCE=0 -fno-stack-protector -no-pie -z norelro -z lazy -z execstack greet.c -o "none$suffix"
  label "none$suffix" relro=fail stack-protector=fail non-executable-stack=fail pie=fail fortify-source=fail
  "${compile[@]}" -w -c greet.c -o "rel$suffix.o"
  # "N/A" of NX is our pass: the section .note.GNU-stack is what the linker decides by.
  label "rel$suffix.o" relro=not-applicable non-executable-stack=pass pie=not-applicable safe-run-path=not-applicable
  "${compile[@]}" -w -O2 -shared -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2 -z now "${linked[@]}" greet.c -o "dso$suffix.so"
  label "dso$suffix.so" pie=not-applicable
  "${compile[@]}" -w -nostdlib -no-pie -s "bare$bits.s" -o "nolibc$suffix"
  label "nolibc$suffix" fortify-source=not-applicable
  "${compile[@]}" -w -O2 -D_FORTIFY_SOURCE=0 -s wait.c -o "fszero$suffix"
  label "fszero$suffix" fortify-source=not-applicable
}

read -ra gcc32 <<<"$(gcc_of i386)"
build_all '' 64 gcc
build_all _cl 64 clang-16
build_all 32 32 "${gcc32[@]}"
build_all _cl32 32 clang-16 "${gcc32[@]:1}"
echo "$(wc -l <labels.tsv) labelled files in $out"
