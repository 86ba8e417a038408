# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# x86-64 and glibc: first each mitigation on and off, then the cases in which flags and symbols mislead.

plain=(-O2 -Wl,--build-id=sha1)
bare=("${plain[@]}" -fno-stack-protector -U_FORTIFY_SOURCE -fcf-protection=none -fno-stack-clash-protection)
mitigated=("${plain[@]}" -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -fcf-protection=full)
locked=(-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)

sample x86_64-glibc-gcc-pie-hardened 'everything on; crt1.o has no CET note, so -z ibt -z shstk set it' \
  gcc "${mitigated[@]}" -fPIE -pie "${locked[@]}" -Wl,-z,ibt,-z,shstk program.c
sample x86_64-glibc-gcc-nopie-bare 'everything off' \
  gcc "${bare[@]}" -fno-pie -no-pie -Wl,-z,norelro,-z,execstack,-z,noseparate-code program.c
sample x86_64-glibc-gcc-pie-default 'only what Debian 12 gcc does unasked: PIE and partial RELRO' \
  gcc -O2 program.c
sample x86_64-glibc-clang-pie-hardened 'everything on, by clang and lld' \
  clang-16 -fuse-ld=lld-16 "${mitigated[@]}" -fPIE -pie "${locked[@]}" -Wl,-z,force-ibt,-z,shstk program.c
sample x86_64-glibc-clang-nopie-bare 'everything off, by clang and lld' \
  clang-16 -fuse-ld=lld-16 "${bare[@]}" -fno-pie -no-pie -Wl,-z,norelro program.c
edited x86_64-glibc-gcc-pie-hardened-stripped 'no .symtab' \
  x86_64-glibc-gcc-pie-hardened strip
edited x86_64-glibc-gcc-pie-hardened-nosections 'no section headers: program headers must do' \
  x86_64-glibc-gcc-pie-hardened-stripped node "$tools/edit-elf.mjs" strip-sections
edited x86_64-glibc-gcc-nopie-bare-stripped 'no .symtab' \
  x86_64-glibc-gcc-nopie-bare strip
edited x86_64-glibc-gcc-nopie-bare-nosections 'no section headers: 1 of its dynamic symbols is in DT_GNU_HASH, the others only in relocations' \
  x86_64-glibc-gcc-nopie-bare-stripped node "$tools/edit-elf.mjs" strip-sections
sample x86_64-glibc-gcc-pie-nobuffers 'nothing for a stack protector or FORTIFY to protect; no slot to bind: RELRO is full though nobody asked' \
  gcc "${plain[@]}" -fstack-protector-strong -D_FORTIFY_SOURCE=2 no-buffers.c

# PIE and kinds
edited x86_64-glibc-gcc-pie-noflag 'DF_1_PIE cleared by hand: still loaded anywhere' \
  x86_64-glibc-gcc-pie-default node "$tools/edit-elf.mjs" set-dynamic 0x6ffffffb:0
sample x86_64-glibc-gcc-lib-hardened 'a shared library with everything on' \
  gcc "${mitigated[@]}" -shared -fPIC "${locked[@]}" -Wl,-soname,libsample.so.1 library.c
sample x86_64-glibc-gcc-lib-bare 'a shared library with everything off' \
  gcc "${bare[@]}" -shared -fPIC -Wl,-soname,libsample.so.1,-z,norelro,-z,execstack,-z,noseparate-code library.c
sample x86_64-glibc-gcc-lib-plugin 'a plugin: neither SONAME nor a dependency' \
  gcc "${plain[@]}" -shared -fPIC -nostdlib function-pointers.c
sample x86_64-glibc-gcc-lib-executable 'a library that can be run, as libc.so.6: PT_INTERP and SONAME' \
  gcc "${plain[@]}" -shared -fPIC -Wl,-soname,librun.so.1,-e,main,--dynamic-linker=/lib64/ld-linux-x86-64.so.2 library.c no-buffers.c
sample x86_64-none-gcc-static-tiny 'static without any libc' \
  gcc "${plain[@]}" -static -nostdlib -fno-pie -no-pie -fno-stack-protector no-libc.c
sample x86_64-none-gcc-static-noreturn 'neither a libc nor an instruction that returns: nothing is called' \
  gcc -s -Wl,--build-id=none -static -nostdlib -no-pie no-return.S
sample x86_64-none-gcc-staticpie-tiny 'static PIE without any libc' \
  gcc "${plain[@]}" -static-pie -nostdlib -fPIE -fno-stack-protector no-libc.c
sample x86_64-glibc-gcc-object-hardened 'an object file, stack note present' \
  gcc -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -c program.c
sample x86_64-none-gcc-object-nostacknote 'an object file without .note.GNU-stack' \
  gcc -c stack-note-missing.S

# RELRO and binding
sample x86_64-glibc-gcc-pie-partialrelro 'RELRO with lazy binding: the slots stay writable' \
  gcc "${plain[@]}" -Wl,-z,relro,-z,lazy program.c
sample x86_64-glibc-gcc-pie-norelro 'no RELRO, lazy' \
  gcc "${plain[@]}" -Wl,-z,norelro,-z,lazy program.c
sample x86_64-glibc-gcc-pie-nowonly 'bound at start but no RELRO: every slot stays writable' \
  gcc "${plain[@]}" -Wl,-z,norelro,-z,now program.c
edited x86_64-glibc-gcc-pie-tinyrelro 'PT_GNU_RELRO cut to 16 bytes, BIND_NOW left: flags say full, slots are writable' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment GNU_RELRO:filesz=16,memsz=16
edited x86_64-glibc-gcc-pie-droppedrelro 'PT_GNU_RELRO turned into PT_NULL' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" drop-segment GNU_RELRO
edited x86_64-glibc-gcc-pie-patched 'patchelf has moved the dynamic section out of RELRO' \
  x86_64-glibc-gcc-pie-hardened patchelf --set-rpath /opt/a/path/that/is/longer/than/what/was/there
sample x86_64-glibc-gcc-lib-lazy 'a lazily bound library' \
  gcc "${plain[@]}" -shared -fPIC -Wl,-z,lazy library.c
sample x86_64-glibc-gcc-pie-ifunc 'an IRELATIVE slot' \
  gcc "${plain[@]}" -Wl,-z,now indirect-function.c

# Stack and segments
edited x86_64-glibc-gcc-pie-nostackheader 'PT_GNU_STACK turned into PT_NULL' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" drop-segment GNU_STACK
sample x86_64-glibc-gcc-pie-execstack 'linked with -z execstack' \
  gcc "${mitigated[@]}" -fPIE -pie -Wl,-z,now,-z,execstack program.c
sample x86_64-glibc-gcc-pie-nostacknote 'one assembly object without a stack note makes the whole stack executable' \
  gcc "${plain[@]}" -fcf-protection=none stack-note-missing.S assembly-user.c
sample x86_64-glibc-clang-pie-nostacknote 'the same by lld, which ignores the missing note' \
  clang-16 -fuse-ld=lld-16 "${plain[@]}" stack-note-missing.S assembly-user.c
sample x86_64-glibc-gcc-pie-trampoline 'a nested function: trampoline on an executable stack' \
  gcc -O0 -Wl,--build-id=sha1 nested-function.c
sample x86_64-glibc-gcc-pie-writablecode 'a segment writable and executable' \
  gcc "${plain[@]}" writable-code.c
sample x86_64-glibc-gcc-lib-textrel 'code without -fPIC in a library: DT_TEXTREL' \
  gcc "${plain[@]}" -shared -fno-pic -mcmodel=large -Wl,-z,notext text-relocation.c

# Stack protector
for level in none plain strong all; do
  case $level in none) flag=-fno-stack-protector ;; plain) flag=-fstack-protector ;; *) flag=-fstack-protector-$level ;; esac
  sample "x86_64-glibc-gcc-pie-ssp-$level" "stack protector level $level" gcc "${plain[@]}" "$flag" program.c
done
sample x86_64-glibc-gcc-pie-ssp-partial 'imports __stack_chk_fail, but 1 of its 31 functions with buffers is protected' \
  gcc "${plain[@]}" -fno-stack-protector half-protected.c
sample x86_64-glibc-gcc-pie-ssp-neverreturns 'protected, but never checks its canary: no __stack_chk_fail at all' \
  gcc "${plain[@]}" -fstack-protector-strong never-returns.c
sample x86_64-glibc-gcc-static-none-stripped 'static: the only canaries are those of libc.a' \
  gcc "${plain[@]}" -s -static -no-pie -fno-pie -fno-stack-protector program.c

# FORTIFY
for level in 1 2 3; do
  sample "x86_64-glibc-gcc-pie-fortify-$level" "FORTIFY level $level" gcc "${plain[@]}" -D_FORTIFY_SOURCE=$level program.c
done
sample x86_64-glibc-gcc-pie-fortify-none 'printf and sprintf unchecked: FORTIFY was off' \
  gcc "${plain[@]}" -U_FORTIFY_SOURCE program.c
part unfortified.o gcc -O2 -c unfortified-unit.c
sample x86_64-glibc-gcc-pie-fortify-partial 'one object file with FORTIFY, one without' \
  gcc "${plain[@]}" -D_FORTIFY_SOURCE=2 -Wl,--undefined=report program.c "$parts/unfortified.o"
sample x86_64-glibc-gcc-pie-fortify-format 'snprintf by a constant format, unchecked: FORTIFY was off' \
  gcc "${plain[@]}" -U_FORTIFY_SOURCE formatted.c
sample x86_64-glibc-gcc-pie-fortify-formatchecked 'the same, level 2' \
  gcc "${plain[@]}" -D_FORTIFY_SOURCE=2 formatted.c
sample x86_64-glibc-gcc-pie-lonebuffer 'one function with a buffer, which scanf fills: no canary' \
  gcc "${plain[@]}" -fno-stack-protector lone-buffer.c
sample x86_64-glibc-gcc-pie-lonebuffer-plain 'the same, -fstack-protector' \
  gcc "${plain[@]}" -fstack-protector lone-buffer.c
sample x86_64-glibc-clang-pie-safestack 'the same, by SafeStack of clang' \
  clang-16 -fuse-ld=lld-16 "${plain[@]}" -s -fno-stack-protector -fsanitize=safe-stack lone-buffer.c
sample x86_64-glibc-gcc-pie-fortify-sized 'calls only functions whose size the compiler could not know: undecidable' \
  gcc "${plain[@]}" sized-calls.c
sample x86_64-glibc-gcc-pie-fortify-pointer 'FORTIFY level 2, and printf and fprintf where their addresses are passed on' \
  gcc "${plain[@]}" -D_FORTIFY_SOURCE=2 passed-on.c
sample x86_64-glibc-gcc-nopie-fortify-pointer 'the same at a fixed address: those addresses are those of PLT stubs' \
  gcc "${plain[@]}" -D_FORTIFY_SOURCE=2 -fno-pie -no-pie passed-on.c
sample x86_64-glibc-gcc-pie-fortify-noplt 'FORTIFY was off; calls go through the GOT, without a PLT' \
  gcc "${plain[@]}" -U_FORTIFY_SOURCE -fno-plt program.c

# How much of a mitigation is there
for level in strong plain; do
  option=-fstack-protector-strong
  [ $level = strong ] || option=-fstack-protector
  sample "x86_64-glibc-gcc-pie-scalars-$level" "canaries of level $level, where most functions that strong protects keep no characters" \
    gcc "${plain[@]}" $option -s scalars.c
done
