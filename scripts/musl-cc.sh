#!/bin/bash
# musl-cc.sh MACHINE COMPILER MODE ARGUMENT...
# Compiles and links against musl for MACHINE (as uname -m says it), by COMPILER gcc or clang, as MODE:
# pie, nopie, static, staticpie or lib. gcc's own specs of Debian's musl-gcc know neither other machines nor
# static-pie, so start files and libraries are named here, in the order that Alpine's gcc names them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/toolchains.sh"

machine=$1 compiler=$2 mode=$3
shift 3
sysroot=$("$here/fetch-musl.sh" "$machine")
gcc=$(gcc_of "$machine")
support() { dirname "$($gcc -print-libgcc-file-name)"; }

common=(-nostdinc -nostdlib -isystem "$sysroot/include" -L"$sysroot/lib")
case $mode in
  pie) start=Scrt1.o objects=S flags=(-fPIE -pie "-Wl,-dynamic-linker,/lib/ld-musl-$(musl_name "$machine").so.1") ;;
  nopie) start=crt1.o objects='' flags=(-fno-pie -no-pie "-Wl,-dynamic-linker,/lib/ld-musl-$(musl_name "$machine").so.1") ;;
  static) start=crt1.o objects=T flags=(-fno-pie -no-pie -static) ;;
  # Debian's gcc for ARM names an interpreter even here.
  staticpie) start=rcrt1.o objects=S flags=(-fPIE -static-pie '-Wl,--no-dynamic-linker') ;;
  lib) start='' objects=S flags=(-fPIC -shared) ;;
  *) echo "unknown mode $mode, expected pie, nopie, static, staticpie or lib" >&2 && exit 2 ;;
esac
case $mode in
  static*) libc=(-lc) ;;
  *) libc=("-l:libc.musl-$(musl_name "$machine").so.1") ;;
esac
[ ! -f "$sysroot/lib/libssp_nonshared.a" ] || libc=(-lssp_nonshared "${libc[@]}")
before=(${start:+"$sysroot/lib/$start"} "$sysroot/lib/crti.o" "$(support)/crtbegin$objects.o")
crtend=crtend.o
[ "$objects" = S ] && crtend=crtendS.o
after=(--start-group "$(support)/libgcc.a" "${libc[@]}" --end-group)
after=("${after[@]/#--/-Wl,--}" "$(support)/$crtend" "$sysroot/lib/crtn.o")
# Only a compilation: no link arguments, which clang would warn about.
for argument in "$@"; do
  [ "$argument" = -c ] && before=() after=()
done
case $compiler in
  gcc) exec $gcc "${common[@]}" -isystem "$(support)/include" "${flags[@]}" "${before[@]}" "$@" "${after[@]}" ;;
  clang)
    linker=-fuse-ld=lld-16
    # lld 16 does not know this machine.
    [ "$machine" = s390x ] && linker=--ld-path=/usr/bin/s390x-linux-gnu-ld
    exec clang-16 "--target=$(clang_target "$machine")" "$linker" -Wno-unused-command-line-argument "${common[@]}" \
      -isystem "$(clang-16 -print-resource-dir)/include" "${flags[@]}" "${before[@]}" "$@" "${after[@]}" ;;
  *) echo "unknown compiler $compiler, expected gcc or clang" >&2 && exit 2 ;;
esac
