# shellcheck shell=bash disable=SC2154 # variables come from build-changes.sh
# The changes, and what a comparison has to say of each. Sourced by build-changes.sh.
# What is expected follows from what changed, not from what hullcheck says: a row is not changed to suit it.

changes_of_cell() {
  if [ "$language" = root ]; then root_changes && return; fi
  canary_changes
  fortify_changes
  linker_changes
  listed_changes
  case $language in
    c | c++)
      harmless_changes
      branch_changes
      code_changes
      file_changes
      ;;
  esac
}

canary_changes() {
  local lost=-fstack-protector-strong
  change canaries-none 1 worse=stack-protector -fno-stack-protector
  # Not visible next to Rust: functions that lost their canary and call nothing of C cannot be distinguished from those of Rust, and C code that
  # is gone leaves the same.
  if [ "$language" = rust ]; then
    change canaries-plain 0 nothing -fstack-protector
  else
    change canaries-plain 1 worse=stack-protector -fstack-protector
  fi
  [ "$language" = go ] || change canaries-half 1 worse=stack-protector --half -fno-stack-protector
}

fortify_changes() {
  local level none=-D_FORTIFY_SOURCE=3 lost=-D_FORTIFY_SOURCE=3 half='1 worse=fortify-source'
  # clang leaves the printf family alone in C++, which alone shows the level: that functions are checked no more shows, not by which
  # option, and half of the code looks like new code whose sizes nobody knows.
  if [ "$language-$compiler" = c++-clang ]; then none=-D_FORTIFY_SOURCE lost='' half='0 neutral=fortify-source'; fi
  lost=$none change fortify-none 1 worse=fortify-source -U_FORTIFY_SOURCE
  for level in 1 2; do change "fortify-$level" 1 worse=fortify-source -U_FORTIFY_SOURCE "-D_FORTIFY_SOURCE=$level"; done
  # shellcheck disable=SC2086 # an exit code and a label
  [ "$language" = go ] || change fortify-half $half --half -U_FORTIFY_SOURCE
}

linker_changes() {
  local static=(-fno-pie --link -no-pie) pie=-pie relro=-Wl,-z,relro now=-Wl,-z,now
  case $language in
    rust) static=(-fno-pie --link -Crelocation-model=static) pie='-C relocation-model=pie' relro='-C relro-level=full' now=$relro ;;
    go) pie=-buildmode=pie ;;
  esac
  lost=$pie change no-pie 1 worse=pie "${static[@]}"
  # Both rules see the same flag: one is the cause.
  lost=$now change relro-partial 1 worse=relro,also=bind-now --link -Wl,-z,lazy
  lost=$relro change relro-none 1 worse=relro --link -Wl,-z,norelro
  lost=-Wl,-z,now before=relro-none change no-now 1 worse=bind-now --link -Wl,-z,norelro -Wl,-z,lazy
  lost=-Wl,-z,noexecstack change stack 1 worse=non-executable-stack --link -Wl,-z,execstack
  change run-path-writable 1 worse=safe-run-path --link -Wl,-rpath,/tmp/lib
  change run-path-relative 1 worse=safe-run-path --link -Wl,-rpath,lib
  change needed-by-path 1 worse=safe-needed --link -Wl,--no-as-needed "$(library)"
}

# A library without a name of its own is needed by the path that it was linked by.
library() {
  local command path=plugins/libextra-$cell.so
  read -ra command <<<"$(compiler_of c)"
  [ -e "$path" ] || echo 'int extra;' | "${command[@]}" -shared -fPIC -nostdlib -x c - -o "$path"
  echo "$path"
}

# Changes of severity note, or of none: listed, and no reason to stop a release.
listed_changes() {
  # Go has one of its own.
  local id=neutral=build-id
  [ "$language" != go ] || id=nothing
  change no-build-id 0 "$id" --link -Wl,--build-id=none
  # Debug information brings a record of options, whatever that says. Go and Rust ship their own in any case.
  case $language in c | c++) change debug-paths 0 neutral=no-debug-leak,noted=compiler-flags -g ;; esac
  # lld always separates, and rustc brings one.
  [ "$compiler" = clang ] || [ "$language" = rust ] || change no-separate-code 0 neutral=separate-code --link -Wl,-z,noseparate-code
}

# What takes no protection away, whatever it does to the code.
harmless_changes() {
  change optimised 0 noted=* -O3
  change small 0 noted=* -Os
  [ "$compiler-$machine" != gcc-x86_64 ] || compiler=clang change compiler 0 noted=* --link -fuse-ld=bfd
}

# Only what holds for the whole program can be enforced: without the note nothing is, and a part of it is less. `ready` is a program
# with the note, which it has by start files of its own.
branch_changes() {
  local option=-fcf-protection all=full branch=branch returns=return note="-Wl,-z,$(forced ibt)"
  if [ "$machine" != x86_64 ]; then option=-mbranch-protection all=standard branch=bti returns=pac-ret note=-Wl,-z,force-bti; fi
  make ready --ready-start
  local lost=$option=$all
  change branches-none 1 worse=control-flow-protection --branches "$option=none"
  change returns-alone 1 worse=control-flow-protection --branches "$option=$returns"
  # A shadow stack needs no instructions: without the note the code is the same.
  if [ "$machine" = x86_64 ]; then
    change branches-alone 0 nothing --branches "$option=$branch"
  else
    change branches-alone 1 worse=control-flow-protection --branches "$option=$branch"
  fi
  local before=ready
  change ready-none 1 worse=control-flow-protection --ready-start --branches "$option=none"
  change branches-only 1 worse=control-flow-protection --ready-start --branches "$option=$branch"
  change returns-only 1 worse=control-flow-protection --ready-start --branches "$option=$returns"
  # Nothing was compiled in another way: the start files are Debian's, which gcc made.
  lost='' change branches-unnoted 1 worse=control-flow-protection,noted=compiler-flags
  # The note says what does not hold: the program ends where branches are restricted.
  lost='' before=hardened change note-forced 1 worse=control-flow-protection --link "$note"
}

code_changes() {
  # clang 16 probes no stack on AArch64.
  [ "$compiler-$machine" = clang-aarch64 ] || lost=-fstack-clash-protection change no-stack-clash 1 worse=stack-clash-protection -fno-stack-clash-protection
  runtime_changes
  change dangerous-call 1 worse=no-dangerous-imports -DDANGEROUS
  # lld takes no --audit.
  [ "$compiler" = clang ] || change audit-library 1 worse=no-dlopen-surprise --link -Wl,--audit=libaudit.so
  change text-relocation 1 worse=no-text-relocations --half -DTEXT_RELOCATION --link -Wl,-z,notext
  change writable-code 1 worse=no-writable-code -DWRITABLE_CODE
}

# What a runtime brings along is its doing. Debian has those of clang for its own machine only; clang links them statically.
runtime_changes() {
  # Parts of functions that are moved away have no landing pad, and count.
  local brings=noted=no-debug-leak,noted=safe-needed,noted=control-flow-protection
  [ "$compiler" = gcc ] || brings=also=stack-protector,also=control-flow-protection,also=stack-clash-protection,noted=safe-needed,noted=no-debug-leak
  change profiling 1 worse=no-instrumentation -pg --link -pg
  [ "$compiler-$machine" != clang-aarch64 ] || return 0
  change coverage 1 worse=no-instrumentation,also=fortify-source,also=stack-protector,noted=control-flow-protection --coverage --link --coverage
  change sanitizer-undefined 1 "worse=no-instrumentation,$brings" -fsanitize=undefined --link -fsanitize=undefined
  change sanitizer-address 1 "worse=no-instrumentation,$brings" -fsanitize=address --link -fsanitize=address
}

file_changes() {
  [ "$language-$compiler" = c-gcc ] || return 0
  # Of a packed program hardly anything is seen: one cause.
  change packed 1 'worse=no-packer,also=*' --after "$here/changes/pack.sh"
}

# A program in a root of musl, with a library of its own.
root_changes() {
  change setuid 0 neutral=privileged-hardening --after chmod 4755
  lost=-Wl,-z,relro change relro-none 1 worse=relro --link -Wl,-z,norelro
  # What the program lacks weighs more then.
  before=relro-none change setuid-of-weak 1 worse=privileged-hardening,also=relro --link -Wl,-z,norelro --after chmod 4755
  change writable 1 worse=not-writable --after chmod 777
  change writable-folder 1 worse=not-writable --after "$here/changes/open-folder.sh"
  change library-not-there 1 worse=loadable,also=one-libc,noted=safe-needed --link "$(absent_library)"
  # On the way back FORTIFY is lost, which Debian's musl has not.
  change other-libc 1 'worse=musl-linkage,also=*,back=fortify-source' --after cp "$out/c-gcc-x86_64/hardened/app"
  change other-loader 1 'worse=standard-interpreter,also=*' --link -Wl,--dynamic-linker=/tmp/ld-musl-x86_64.so.1
}

# It is there when the program is linked.
absent_library() {
  echo 'int absent;' | musl-gcc -shared -fPIC -x c - -Wl,-soname,libabsent.so -o plugins/libabsent.so
  echo "$work/plugins/libabsent.so"
}
