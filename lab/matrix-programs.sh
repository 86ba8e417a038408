# shellcheck shell=bash disable=SC2054,SC2154 # commas belong to -Wl; variables come from build-matrix.sh
# The programs of the matrix. Sourced by build-matrix.sh.

lazy=-Wl,-z,relro,-z,lazy,-z,noexecstack
now=-Wl,-z,relro,-z,now,-z,noexecstack
unfortified=(-U_FORTIFY_SOURCE)
unprobed=(-fno-stack-clash-protection)

# The machine's way to say: no protection of branches.
plain_branches() {
  case $1 in
    x86_64 | i386) echo -fcf-protection=none ;;
    aarch64) echo -mbranch-protection=none ;;
  esac
}

libcs_of() {
  case $1 in
    riscv64 | mips) echo glibc ;; # Debian 12 has no musl for them
    *) echo glibc musl ;;
  esac
}

# glibc's cross packages have rcrt1.o for AArch64 only.
modes_of() { # MACHINE LIBC
  case $1-$2 in
    x86_64-* | i386-* | aarch64-* | *-musl) echo pie nopie static staticpie ;;
    *) echo pie nopie static ;;
  esac
}

matrix_of() { # MACHINE
  local machine=$1 libc compiler
  for libc in $(libcs_of "$machine"); do
    for compiler in gcc clang; do
      stack_protector_axis "$machine" "$libc" "$compiler"
      relro_axis "$machine" "$libc" "$compiler"
      fortify_axis "$machine" "$libc" "$compiler"
      text_relocation_axis "$machine" "$libc" "$compiler"
      stack_axis "$machine" "$libc" "$compiler"
      code_axis "$machine" "$libc" "$compiler"
      [ "$libc" = musl ] || object_axis "$machine" "$compiler"
    done
  done
}

# Every level in every mode on x86-64; elsewhere plain and all as PIE only.
stack_protector_axis() {
  local level mode optimisation branches
  branches=$(plain_branches "$1")
  for mode in $(modes_of "$1" "$2"); do
    for level in none plain strong all; do
      for optimisation in O2 Os; do
        if [ "$1" != x86_64 ] && [ "$mode$optimisation" != pieO2 ]; then
          case $level in plain | all) continue ;; esac
        fi
        program "ssp-$level-$optimisation" "$1" "$2" "$3" "$mode" -$optimisation ${branches:+"$branches"} \
          "$(ssp_flag $level)" "${unfortified[@]}" "${unprobed[@]}" $lazy program.c
      done
    done
  done
  # A guard in another place of the thread block than the C library has it; elsewhere it is a variable for all.
  if [ "$1-$2" = x86_64-glibc ]; then
    for mode in pie static; do
      program ssp-ownguard "$1" "$2" "$3" "$mode" -O2 "$branches" -fstack-protector-strong -mstack-protector-guard=tls \
        -mstack-protector-guard-reg=fs -mstack-protector-guard-offset=16 "${unfortified[@]}" "${unprobed[@]}" $lazy program.c
    done
  fi
  program onebuffer-none "$1" "$2" "$3" pie -O2 -fno-stack-protector "${unfortified[@]}" $now lone-buffer.c \
    -- stack-protector="$(lone_buffer "$1")" fortify-source= stack-clash-protection=
  program onebuffer-strong "$1" "$2" "$3" pie -O2 -fstack-protector-strong "${unfortified[@]}" $now lone-buffer.c \
    -- fortify-source= stack-clash-protection=
  program nobuffers "$1" "$2" "$3" pie -O2 -fstack-protector-strong $now no-buffers.c
  program nobuffers-nossp "$1" "$2" "$3" pie -O2 -fno-stack-protector $now no-buffers.c
  program ssp-partial "$1" "$2" "$3" pie -O2 -fno-stack-protector "${unfortified[@]}" "${unprobed[@]}" $now half-protected.c \
    -- stack-clash-protection=not-applicable
}

# Whether a buffer of one function alone is seen to be filled: where calls are understood.
lone_buffer() { # MACHINE
  case $1 in x86_64 | i386 | aarch64) echo fail ;; esac # scanf's format is not followed on RISC-V
}

relro_axis() {
  local mode source
  for mode in pie nopie lib; do
    # No label for FORTIFY: some compilers inline the one call of the library that could be checked.
    [ "$mode" = lib ] && source=library.c || source=program.c
    set -- "$1" "$2" "$3" "$mode" -O2 -fstack-protector-strong -U_FORTIFY_SOURCE "$source"
    program relro-none "$@" -Wl,-z,norelro,-z,lazy,-z,noexecstack -- fortify-source=
    program relro-partial "$@" $lazy -- fortify-source=
    program relro-full "$@" $now -- fortify-source=
    program relro-nowonly "$@" -Wl,-z,norelro,-z,now,-z,noexecstack -- fortify-source=
  done
}

fortify_axis() {
  local level
  for level in 1 2 3; do
    program "fortify-$level" "$1" "$2" "$3" pie -O2 -fno-stack-protector -U_FORTIFY_SOURCE "-D_FORTIFY_SOURCE=$level" $now program.c
  done
}

# Code that must be patched at start, by each machine's way to write it.
text_relocation_axis() {
  [ "$3" = gcc ] || return 0
  local how
  case $1 in
    x86_64) how=(-fno-pic -mcmodel=large text-relocation.c) ;;
    i386) how=(-fno-pic text-relocation.c) ;;
    aarch64) how=(text-relocation-aarch64.S) ;;
    *) return 0 ;;
  esac
  program textrel "$1" "$2" "$3" lib -O2 $now -Wl,-z,notext "${how[@]}" \
    -- no-text-relocations=fail stack-protector= fortify-source= stack-clash-protection= control-flow-protection=
}

stack_axis() {
  program execstack "$1" "$2" "$3" pie -O2 -fstack-protector-strong -U_FORTIFY_SOURCE -Wl,-z,relro,-z,now,-z,execstack program.c
  [ "$3" = gcc ] || return 0
  case $1 in
    x86_64 | i386) # only there does a nested function put code on the stack in these programs' flags
      program trampoline "$1" "$2" "$3" pie -O0 -fno-stack-protector -Wl,-z,relro,-z,now nested-function.c \
        -- non-executable-stack=fail stack-protector= fortify-source= stack-clash-protection=
      program writablecode "$1" "$2" "$3" pie -O2 $now writable-code.c \
        -- no-writable-code=fail stack-protector=not-applicable fortify-source= stack-clash-protection=
      ;;
  esac
}

code_axis() {
  program clash "$1" "$2" "$3" pie -O2 -fno-stack-protector -fstack-clash-protection $now wide-frames.c -- fortify-source=
  program noclash "$1" "$2" "$3" pie -O2 -fno-stack-protector "${unprobed[@]}" $now wide-frames.c -- fortify-source=
  case $1 in
    x86_64) branches_of "$@" -fcf-protection=full "-Wl,-z,$([ "$3" = gcc ] && echo ibt || echo force-ibt),-z,shstk" ;;
    aarch64) branches_of "$@" -mbranch-protection=standard -Wl,-z,force-bti ;;
  esac
}

# The start files of Debian's libcs have neither the note nor landing pads: a program has the note by force only, and is not
# ready for it. A library without start files gets the note of its code.
branches_of() { # MACHINE LIBC COMPILER COMPILER-FLAG LINKER-FLAG
  local other=(stack-protector= stack-clash-protection= fortify-source=)
  program branches-noted "$1" "$2" "$3" pie -O2 -fno-stack-protector "$4" "$5" $now function-pointers.c \
    -- control-flow-protection=fail "${other[@]}"
  program branches-unnoted "$1" "$2" "$3" pie -O2 -fno-stack-protector "$4" $now function-pointers.c \
    -- control-flow-protection=fail "${other[@]}"
  # Start files are a part of each library of musl here.
  [ "$2" = glibc ] || return 0
  program branches-own "$1" "$2" "$3" lib -O2 -fno-stack-protector "$4" -nostdlib $now function-pointers.c \
    -- control-flow-protection=pass "${other[@]}"
  program branches-forced "$1" "$2" "$3" lib -O2 -fno-stack-protector "$(plain_branches "$1")" "$5" -nostdlib $now function-pointers.c \
    -- control-flow-protection=fail "${other[@]}"
}

# Object files: their functions and canaries are known by symbols and relocations.
object_axis() { # MACHINE COMPILER
  local level optimisation
  for optimisation in O0 O2 Os; do
    object "ssp-none-$optimisation" "$@" -$optimisation -fno-stack-protector program.c -- stack-protector=fail
    object "onebuffer-none-$optimisation" "$@" -$optimisation -fno-stack-protector one-buffer.c -- stack-protector=fail
    for level in plain strong all; do
      object "ssp-$level-$optimisation" "$@" -$optimisation "$(ssp_flag $level)" program.c -- stack-protector=pass
      object "onebuffer-$level-$optimisation" "$@" -$optimisation "$(ssp_flag $level)" one-buffer.c -- stack-protector=pass
    done
    object "nobuffers-$optimisation" "$@" -$optimisation -fstack-protector-strong no-buffers.c -- stack-protector=not-applicable
  done
  for level in 2 3; do
    object "fortify-$level" "$@" -O2 "-D_FORTIFY_SOURCE=$level" program.c -- fortify-source=pass
    # clang checks no fgets whose size is not known, so there nothing is checked.
    [ "$2" = clang ] ||
      object "passedon-$level" "$@" -O2 "-D_FORTIFY_SOURCE=$level" passed-on.c -- fortify-source=pass
  done
}

# Changes that no linker makes, to programs made before: NAME of the original, its labels, the new feature and its label.
edited_programs() {
  local machine libc original
  for machine in $MACHINES; do
    for libc in $(libcs_of "$machine"); do
      original=$machine-$libc-gcc-pie-relro-full
      edited "$original" "$machine" nostackheader \
        "non-executable-stack=$(unmarked_stack "$machine" "$libc") no-writable-code=$(unmarked_data "$machine")" \
        drop-segment GNU_STACK
      edited "$original" "$machine" noflag pie=pass set-dynamic 0x6ffffffb:1
      [ "$machine" = mips ] && continue
      edited "$original" "$machine" tinyrelro relro=fail set-segment GNU_RELRO:filesz=16,memsz=16
      edited "$original" "$machine" droppedrelro relro=fail drop-segment GNU_RELRO
    done
  done
}

# edited ORIGINAL MACHINE FEATURE LABELS OPERATION ARGUMENT
edited() {
  local name=${1%-relro-full}-$3 kept
  [ -f "$out/$1" ] || return 0
  kept=$(awk -F '\t' -v name="$1" '$1 == name { for (i = 3; i <= NF; i++) print $i }' "$labels")
  cp "$out/$1" "$out/$name"
  node "$here/../scripts/edit-elf.mjs" "$5" "$6" "$out/$name"
  # shellcheck disable=SC2086 # one word a label
  label "$name" "$2" $kept $4
  strip_variants "$name"
}

# What kernel and libc make of a missing PT_GNU_STACK, where it does not hang on the age of the kernel.
unmarked_stack() { # MACHINE LIBC
  case $1-$2 in
    i386-* | arm-* | x86_64-glibc) echo fail ;;
  esac
}

# Of 32-bit programs without it Linux makes data executable.
unmarked_data() { # MACHINE
  case $1 in
    i386 | arm) echo fail ;;
    *) echo pass ;;
  esac
}
