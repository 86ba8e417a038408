# shellcheck shell=bash
# What the flags of a program say of it, as RULE=OUTCOME; a later label of the same rule wins. Sourced by build-matrix.sh.
# These are facts about compilers, linkers and loaders, not about hullcheck: what is not certain has no label.

# labels_of MACHINE LIBC COMPILER MODE ARGUMENT...
labels_of() {
  local machine=$1 libc=$2 compiler=$3 mode=$4 flags
  shift 4
  flags=" $* "
  labels_of_mode "$mode"
  labels_of_linker "$machine" "$libc" "$compiler" "$mode" "$flags"
  labels_of_stack_protector "$flags"
  labels_of_fortify "$machine" "$libc" "$mode" "$flags"
  labels_of_code "$machine" "$compiler" "$flags"
}

has() { case $flags in *"$1"*) true ;; *) false ;; esac; }

labels_of_mode() {
  case $1 in
    pie | staticpie) echo pie=pass ;;
    nopie | static) echo pie=fail ;;
    lib) echo pie=not-applicable ;;
  esac
}

labels_of_linker() { # MACHINE LIBC COMPILER MODE FLAGS
  local machine=$1 libc=$2 compiler=$3 mode=$4 flags=$5
  if has ,execstack; then echo non-executable-stack=fail; else echo non-executable-stack=pass; fi
  echo no-writable-code=pass no-text-relocations=pass
  case $mode in
    static) echo bind-now=not-applicable ;;
    *)
      if has ,now; then echo bind-now=pass
      elif [ "$libc" = musl ] || [ "$mode" = staticpie ]; then echo bind-now=not-applicable
      # lld makes no lazy binding stubs for position-independent MIPS code.
      elif [ "$machine-$compiler" = mips-clang ] && [ "$mode" != nopie ]; then echo bind-now=not-applicable
      else echo bind-now=fail; fi ;;
  esac
  # No linker for MIPS puts its slots into PT_GNU_RELRO. In static programs the linkers differ; programs with -z now are labelled by hand.
  [ "$machine" = mips ] && { [ "$mode" = static ] || echo relro=not-applicable; return; }
  case $mode in static | staticpie) return ;; esac
  # GNU ld 2.40 lays the slots of RISC-V behind .data, out of PT_GNU_RELRO, no matter what the flags say.
  [ "$machine-$compiler" = riscv64-gcc ] && { echo relro=fail; return; }
  # lld ends PT_GNU_RELRO at a page of 4 KiB, which kernels with larger pages round down. clang links by it where nothing else is said.
  case $machine-${linker:-$compiler} in aarch64-clang | ppc64le-clang | aarch64-lld*) echo relro=fail; return ;; esac
  if has norelro || ! has ,now; then echo relro=fail; else echo relro=pass; fi
}

labels_of_stack_protector() { # FLAGS
  local flags=$1
  if has no-buffers.c; then echo stack-protector=not-applicable
  elif has -fno-stack-protector; then echo stack-protector=fail
  else echo stack-protector=pass; fi
}

labels_of_fortify() { # MACHINE LIBC MODE FLAGS
  local machine=$1 libc=$2 mode=$3 flags=$4
  if has no-buffers.c; then
    # A static program contains all of libc's own calls.
    [ "$mode" = static ] || [ "$mode" = staticpie ] || echo fortify-source=not-applicable
  elif [ "$libc" = musl ]; then
    # Compilers for s390x put an instruction in place of strcpy: what is left to call may be printf alone, which musl's headers leave alone.
    [ "$machine" = s390x ] || echo fortify-source=unknown
  # Level 1 leaves the printf family alone, as no level does.
  elif ! has -D_FORTIFY_SOURCE || has -D_FORTIFY_SOURCE=1; then echo fortify-source=fail
  else echo fortify-source=pass; fi
}

labels_of_code() { # MACHINE COMPILER FLAGS
  local machine=$1 compiler=$2 flags=$3
  case $machine in
    x86_64 | i386 | aarch64) if has -fcf-protection=none || has -mbranch-protection=none; then echo control-flow-protection=fail; fi ;;
    arm | s390x | mips) echo control-flow-protection=not-applicable ;;
  esac
  if has no-buffers.c; then echo stack-clash-protection=not-applicable
  elif has -fno-stack-clash-protection; then echo stack-clash-protection=fail
  elif has -fstack-clash-protection && probes "$machine" "$compiler"; then echo stack-clash-protection=pass; fi
}

# Which compilers honour -fstack-clash-protection: the others ignore it or cover a part.
probes() {
  case $1-$2 in
    x86_64-* | i386-* | aarch64-gcc | ppc64le-* | s390x-*) true ;;
    *) false ;;
  esac
}
