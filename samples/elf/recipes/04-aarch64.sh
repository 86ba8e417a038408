# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# AArch64. Its linker aligns segments to 64 KiB, which would fill the files with zeros: 4 KiB here.

small=(-Wl,-z,max-page-size=4096)
arm64=(aarch64-linux-gnu-gcc "${small[@]}")
arm64_bare=(-O2 -Wl,--build-id=sha1 -fno-stack-protector -U_FORTIFY_SOURCE -mbranch-protection=none -fno-stack-clash-protection)
arm64_mitigated=(-O2 -Wl,--build-id=sha1 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -mbranch-protection=standard)

sample aarch64-glibc-gcc-pie-hardened 'everything on; crt1.o has no BTI note, so -z force-bti sets it' \
  "${arm64[@]}" "${arm64_mitigated[@]}" -fPIE -pie "${locked[@]}" -Wl,-z,force-bti program.c
edited aarch64-glibc-gcc-pie-hardened-stripped 'no .symtab' \
  aarch64-glibc-gcc-pie-hardened aarch64-linux-gnu-strip
edited aarch64-glibc-gcc-pie-hardened-nosections 'no section headers' \
  aarch64-glibc-gcc-pie-hardened-stripped node "$tools/edit-elf.mjs" strip-sections
sample aarch64-glibc-gcc-nopie-bare 'everything off' \
  "${arm64[@]}" "${arm64_bare[@]}" -fno-pie -no-pie -Wl,-z,norelro,-z,execstack program.c
edited aarch64-glibc-gcc-nopie-bare-nosections 'everything off, no section headers' \
  aarch64-glibc-gcc-nopie-bare node "$tools/edit-elf.mjs" strip-sections
sample aarch64-glibc-gcc-pie-default 'only what the compiler does unasked' \
  aarch64-linux-gnu-gcc -O2 program.c
for level in none plain strong all; do
  case $level in none) flag=-fno-stack-protector ;; plain) flag=-fstack-protector ;; *) flag=-fstack-protector-$level ;; esac
  sample "aarch64-glibc-gcc-pie-ssp-$level" "stack protector level $level" "${arm64[@]}" -O2 -Wl,--build-id=sha1 "$flag" program.c
done
sample aarch64-glibc-gcc-pie-ssp-partial '1 of 31 functions with buffers is protected' \
  "${arm64[@]}" -O2 -Wl,--build-id=sha1 -fno-stack-protector half-protected.c
sample aarch64-glibc-gcc-pie-nobuffers 'nothing to protect, nothing to fortify' \
  "${arm64[@]}" -O2 -Wl,--build-id=sha1 -fstack-protector-strong no-buffers.c
sample aarch64-glibc-gcc-pie-norelro 'no RELRO, lazy' \
  "${arm64[@]}" -O2 -Wl,--build-id=sha1,-z,norelro,-z,lazy program.c
sample aarch64-glibc-gcc-pie-partialrelro 'RELRO with lazy binding' \
  "${arm64[@]}" -O2 -Wl,--build-id=sha1,-z,relro,-z,lazy program.c
edited aarch64-glibc-gcc-pie-tinyrelro 'PT_GNU_RELRO cut to 16 bytes' \
  aarch64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment GNU_RELRO:filesz=16,memsz=16
edited aarch64-glibc-gcc-pie-noflag 'DF_1_PIE cleared by hand' \
  aarch64-glibc-gcc-pie-ssp-none node "$tools/edit-elf.mjs" set-dynamic 0x6ffffffb:0
edited aarch64-glibc-gcc-pie-nostackheader 'PT_GNU_STACK turned into PT_NULL' \
  aarch64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" drop-segment GNU_STACK
part nostacknote-aarch64.o aarch64-linux-gnu-gcc -c stack-note-missing-aarch64.S
sample aarch64-glibc-gcc-pie-nostacknote 'assembly without a stack note: on this machine the linker asks for no executable stack' \
  "${arm64[@]}" -O2 "$parts/nostacknote-aarch64.o" assembly-user.c
sample aarch64-glibc-gcc-pie-writablecode 'a segment writable and executable' \
  "${arm64[@]}" -O2 writable-code-aarch64.c
part textrel-table.o aarch64-linux-gnu-gcc -c text-relocation-aarch64.S
sample aarch64-glibc-gcc-lib-textrel 'an address inside code, in a library: DT_TEXTREL' \
  "${arm64[@]}" -shared -Wl,-z,notext "$parts/textrel-table.o"
sample aarch64-glibc-gcc-lib-hardened 'a shared library with everything on' \
  "${arm64[@]}" "${arm64_mitigated[@]}" -shared -fPIC "${locked[@]}" -Wl,-soname,libsample.so.1,-z,force-bti library.c
sample aarch64-glibc-gcc-pie-fortify-none 'printf and sprintf unchecked' \
  "${arm64[@]}" -O2 -U_FORTIFY_SOURCE program.c
sample aarch64-glibc-gcc-pie-fortify-noplt 'FORTIFY was off; calls go through the GOT, without a PLT' \
  "${arm64[@]}" -O2 -U_FORTIFY_SOURCE -fno-plt program.c
sample aarch64-glibc-gcc-pie-fortify-3 'FORTIFY level 3' \
  "${arm64[@]}" -O2 -D_FORTIFY_SOURCE=3 program.c
sample aarch64-glibc-gcc-pie-fortify-sized 'calls only functions whose size the compiler could not know' \
  "${arm64[@]}" -O2 sized-calls.c
sample aarch64-glibc-gcc-pie-fortify-pointer 'FORTIFY level 2, and printf and fprintf where their addresses are passed on' \
  "${arm64[@]}" -O2 -D_FORTIFY_SOURCE=2 passed-on.c
sample aarch64-glibc-gcc-pie-pacret 'return addresses signed, no BTI' \
  "${arm64[@]}" -O2 -mbranch-protection=pac-ret function-pointers.c
sample aarch64-glibc-gcc-pie-nobranchprotection 'neither PAC nor BTI' \
  "${arm64[@]}" -O2 -mbranch-protection=none function-pointers.c
sample aarch64-glibc-gcc-pie-btinonote 'BTI in the code, no note: not enforceable' \
  "${arm64[@]}" -O2 -mbranch-protection=bti function-pointers.c
sample aarch64-glibc-gcc-pie-runpath-relative 'RUNPATH relative to the working directory' \
  "${arm64[@]}" -O2 program.c -Wl,-rpath,lib
sample aarch64-glibc-gcc-pie-runpath-origin 'RUNPATH $ORIGIN' \
  "${arm64[@]}" -O2 program.c '-Wl,-rpath,$ORIGIN/../lib'
sample aarch64-none-gcc-static-tiny 'static without any libc' \
  "${arm64[@]}" -O2 -static -nostdlib -fno-pie -no-pie -fno-stack-protector no-libc.c
sample aarch64-glibc-clang-pie-ssp-unoptimised 'a canary that clang compares without optimisation' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s "${small[@]}" -O0 -fstack-protector-strong copied-name.c

# Segments of 64 KiB, as they are built by default. lld 16 ends RELRO with a page of 4 KiB.
part safe-buffers.o clang-16 --target=aarch64-linux-gnu -O2 -fPIC -fno-stack-protector -fsanitize=safe-stack -c safe-buffers.c
part bare-buffers.o aarch64-linux-gnu-gcc -O2 -fPIC -fno-stack-protector -c lone-scan.c
sample aarch64-glibc-clang-lib-safestack 'functions with buffers on the second stack of SafeStack, and one of GCC without' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s "${small[@]}" -shared "$parts/safe-buffers.o" "$parts/bare-buffers.o"
sample aarch64-glibc-clang-pie-smallrelro 'lld 16: all that RELRO covers lies in the last 16 KiB, which kernels with larger pages leave writable' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s "${arm64_mitigated[@]}" -fPIE -pie "${locked[@]}" program.c
sample aarch64-glibc-clang-pie-largerelro 'the same with RELRO to the end of a page of 64 KiB, which loaders then cannot protect: a bug of lld 16' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s "${arm64_mitigated[@]}" -fPIE -pie "${locked[@]}" -Wl,-z,common-page-size=65536 program.c
sample aarch64-none-gcc-static-entrypage 'pages of 16 or 64 KiB map its data over the page of its entry point: it dies there' \
  aarch64-linux-gnu-gcc -s -nostdlib -static -no-pie -Wl,--build-id=none,-z,max-page-size=65536,-z,common-page-size=4096,-T,entry-page.ld entry-page.S
sample aarch64-glibc-clang-pie-allocator-4k 'an allocator for pages of at most 4 KiB, as jemalloc says it' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s -O2 -DPAGE=4096 page-constant.c
sample aarch64-glibc-clang-pie-allocator-64k 'the same for pages of up to 64 KiB' \
  clang-16 --target=aarch64-linux-gnu -fuse-ld=lld-16 -s -O2 -DPAGE=65536 page-constant.c

arm64_musl=("$tools/musl-cc.sh" aarch64)
sample aarch64-musl-gcc-pie-alpine 'the flags that Alpine 3.20 builds its packages with, stripped' \
  "${arm64_musl[@]}" gcc pie "${small[@]}" -s -Os -fstack-protector-strong -fstack-clash-protection -Wl,-z,relro,-z,now,--as-needed,-O1,--sort-common,--build-id=sha1 program.c
sample aarch64-musl-gcc-nopie-bare 'everything off' \
  "${arm64_musl[@]}" gcc nopie "${small[@]}" "${arm64_bare[@]}" -Wl,-z,norelro,-z,execstack program.c
sample aarch64-musl-clang-pie-hardened 'everything on, by clang and lld' \
  "${arm64_musl[@]}" clang pie "${small[@]}" "${arm64_mitigated[@]}" "${locked[@]}" -Wl,-z,force-bti program.c
sample aarch64-musl-gcc-pie-nobuffers 'nothing to protect' \
  "${arm64_musl[@]}" gcc pie "${small[@]}" -O2 -fstack-protector-strong -Wl,-z,now no-buffers.c
sample aarch64-musl-gcc-static-none-stripped 'static, no stack protector' \
  "${arm64_musl[@]}" gcc static "${small[@]}" -O2 -s -fno-stack-protector program.c
sample aarch64-musl-gcc-staticpie-strong-stripped 'static PIE, stripped' \
  "${arm64_musl[@]}" gcc staticpie "${small[@]}" -O2 -s -fstack-protector-strong -Wl,-z,relro,-z,now program.c
edited aarch64-musl-gcc-staticpie-strong-nosections 'static PIE, no section headers' \
  aarch64-musl-gcc-staticpie-strong-stripped node "$tools/edit-elf.mjs" strip-sections
sample aarch64-musl-gcc-lib-hardened 'a shared library' \
  "${arm64_musl[@]}" gcc lib "${small[@]}" "${arm64_mitigated[@]}" "${locked[@]}" -Wl,-soname,libsample.so.1 library.c
for level in strong plain; do
  option=-fstack-protector-strong
  [ $level = strong ] || option=-fstack-protector
  sample "aarch64-glibc-gcc-pie-scalars-$level" "canaries of level $level, where most functions that strong protects keep no characters" \
    "${arm64[@]}" -Wl,--build-id=sha1 -O2 $option -s scalars.c
done
