# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# The cases of the other recipes again where machine or libc could change the answer.

again() { # PREFIX MODE FEATURE WHY ARGUMENT...
  local prefix=$1 mode=$2 feature=$3 why=$4
  shift 4
  case $prefix in
    x86_64-musl) sample "$prefix-gcc-$mode-$feature" "$why" "${musl[@]}" gcc "${mode/object/pie}" "${plain[@]}" "$@" ;;
    aarch64-musl) sample "$prefix-gcc-$mode-$feature" "$why" "${arm64_musl[@]}" gcc "${mode/object/pie}" "${small[@]}" -O2 "$@" ;;
    aarch64-glibc)
      local kind=()
      [ "$mode" != lib ] || kind=(-shared -fPIC)
      sample "$prefix-gcc-$mode-$feature" "$why" "${arm64[@]}" -O2 "${kind[@]}" "$@" ;;
  esac
}

for prefix in x86_64-musl aarch64-glibc aarch64-musl; do
  case $prefix in
    x86_64-*) code=writable-code.c compiler=(gcc) objcopy=objcopy other=/lib64/ld-linux-x86-64.so.2 ;;
    *-glibc) code=writable-code-aarch64.c compiler=("${arm64[@]}") objcopy=aarch64-linux-gnu-objcopy other=/lib/ld-musl-aarch64.so.1 ;;
    *) code=writable-code-aarch64.c compiler=("${arm64[@]}") objcopy=aarch64-linux-gnu-objcopy other=/lib/ld-linux-aarch64.so.1 ;;
  esac
  part "relative-$prefix.so" "${compiler[@]}" -shared -fPIC -nostdlib -Wl,-soname,lib/librelative.so function-pointers.c
  again $prefix pie needed-relative 'needs a library by a path relative to the working directory' \
    no-buffers.c -Wl,--no-as-needed "$parts/relative-$prefix.so"
  again $prefix pie interpreter-tmp 'its interpreter lies in /tmp' no-buffers.c -Wl,--dynamic-linker=/tmp/ld.so
  again $prefix pie audit 'DT_AUDIT: a library that the loader runs first' no-buffers.c -Wl,--audit=/usr/lib/audit.so
  [ $prefix = x86_64-musl ] ||
    again $prefix pie otherinterpreter 'its interpreter is that of another libc' no-buffers.c -Wl,--dynamic-linker=$other
  [ $prefix != aarch64-musl ] || again $prefix pie debug 'debug information' "${traced[@]}" no-buffers.c
  edited $prefix-gcc-debugonly 'only debug information' $prefix-gcc-pie-debug $objcopy --only-keep-debug
  again $prefix object hardened 'an object file' -fstack-protector-strong -c library.c
  [ $prefix != aarch64-glibc ] || continue
  again $prefix pie writablecode 'a segment writable and executable' $code
  again $prefix lib ubsan 'a library with UndefinedBehaviorSanitizer left in' -s -fsanitize=undefined library.c
  edited $prefix-gcc-pie-overlapping 'two loaded segments at one address' \
    $prefix-gcc-pie-nobuffers node "$tools/edit-elf.mjs" set-segment LOAD.1:address=0x0
  edited $prefix-gcc-pie-truncated 'cut short in the middle of a segment' \
    $prefix-gcc-pie-nobuffers node "$tools/edit-elf.mjs" truncate 0x600
done

again aarch64-musl lib textrel 'an address inside code, in a library: DT_TEXTREL' -Wl,-z,notext "$parts/textrel-table.o"
again aarch64-musl pie rpath-tmp 'RPATH to /tmp' program.c -Wl,-rpath,/tmp
again aarch64-musl pie runpath-absolute 'RUNPATH with an absolute system directory' program.c -Wl,-rpath,/usr/lib/sample
again aarch64-musl pie nobuildid 'no build ID' -Wl,--build-id=none no-buffers.c
again aarch64-musl pie dangerous 'gets, mktemp, tmpnam, strcpy, system' -w dangerous-calls.c
again aarch64-musl pie clash-probed 'frames of many pages, probed' -fno-stack-protector -fstack-clash-protection wide-frames.c
again aarch64-musl pie clash-none 'frames of many pages, not probed' -fno-stack-protector -fno-stack-clash-protection wide-frames.c
sample aarch64-none-gcc-module-protected 'kernel module with stack protector' \
  "${arm64[@]}" -O2 -ffreestanding -fno-pic -fstack-protector-strong -c module.c
