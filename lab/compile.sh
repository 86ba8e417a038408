# shellcheck shell=bash disable=SC2154 # here comes from the script that sources this
# One way to compile for every machine, libc and compiler. Sourced by the builders, behind toolchains.sh.

# compile MACHINE LIBC COMPILER MODE ARGUMENT...: MODE is pie, nopie, static, staticpie, lib or object.
compile() {
  local machine=$1 libc=$2 compiler=$3 mode=$4 command
  shift 4
  if [ "$libc" = musl ]; then
    "$here/../scripts/musl-cc.sh" "$machine" "$compiler" "$mode" "$@"
    return
  fi
  if [ "$compiler" = gcc ]; then
    read -ra command <<<"$(gcc_of "$machine")"
  else
    command=(clang-16 "--target=$(clang_glibc_target "$machine")" -Wno-unused-command-line-argument)
    [ "$machine" = s390x ] || command+=(-fuse-ld=lld-16)
  fi
  case $mode in
    pie) command+=(-fPIE -pie) ;;
    nopie) command+=(-fno-pie -no-pie) ;;
    static) command+=(-fno-pie -no-pie -static) ;;
    staticpie) command+=(-fPIE -static-pie) ;;
    lib) command+=(-fPIC -shared) ;;
    object) command+=(-c) ;;
  esac
  "${command[@]}" "$@"
}

# stripped FILE COPY MACHINE NAME: GNU strip damages what lld links for RISC-V, llvm-strip refuses static programs of
# GNU ld: each linker has its own.
stripped() {
  local strip
  strip=$(strip_of "$3")
  case $4 in s390x-*) ;; *-clang-*) strip=llvm-strip-16 ;; esac
  $strip -o "$2" "$1"
}

# Runs a command in parallel with others, as many as there are processors.
spawn() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  "$@" &
}
