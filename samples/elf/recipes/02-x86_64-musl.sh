# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# x86-64 and musl: Alpine's flags, their absence, and the static binaries that Alpine images are full of.

musl=("$tools/musl-cc.sh" x86_64)

sample x86_64-musl-gcc-pie-hardened 'everything on; FORTIFY leaves no name on musl' \
  "${musl[@]}" gcc pie "${mitigated[@]}" "${locked[@]}" -Wl,-z,ibt,-z,shstk program.c
sample x86_64-musl-gcc-pie-alpine 'the flags that Alpine 3.20 builds its packages with' \
  "${musl[@]}" gcc pie -Os -fstack-protector-strong -fstack-clash-protection -Wl,-z,relro,-z,now,--as-needed,-O1,--sort-common,--build-id=sha1,-z,separate-code program.c
edited x86_64-musl-gcc-pie-alpine-stripped 'and stripped, as abuild does' \
  x86_64-musl-gcc-pie-alpine strip
edited x86_64-musl-gcc-pie-alpine-nosections 'without section headers' \
  x86_64-musl-gcc-pie-alpine-stripped node "$tools/edit-elf.mjs" strip-sections
sample x86_64-musl-gcc-nopie-bare 'everything off' \
  "${musl[@]}" gcc nopie "${bare[@]}" -Wl,-z,norelro,-z,execstack,-z,noseparate-code program.c
sample x86_64-musl-clang-pie-hardened 'everything on, by clang and lld' \
  "${musl[@]}" clang pie "${mitigated[@]}" "${locked[@]}" -Wl,-z,force-ibt,-z,shstk program.c
sample x86_64-musl-gcc-pie-ssp-none 'not protected' \
  "${musl[@]}" gcc pie "${plain[@]}" -fno-stack-protector -Wl,-z,now program.c
sample x86_64-musl-gcc-pie-nobuffers 'nothing to protect' \
  "${musl[@]}" gcc pie "${plain[@]}" -fstack-protector-strong -Wl,-z,now no-buffers.c
sample x86_64-musl-gcc-pie-lazy 'lazy flags: musl binds at start all the same, but protects only PT_GNU_RELRO' \
  "${musl[@]}" gcc pie "${plain[@]}" -Wl,-z,relro,-z,lazy program.c
sample x86_64-musl-gcc-lib-hardened 'a shared library with everything on' \
  "${musl[@]}" gcc lib "${mitigated[@]}" "${locked[@]}" -Wl,-soname,libsample.so.1 library.c
sample x86_64-musl-gcc-lib-textrel 'text relocations: musl leaves the whole library writable and executable' \
  "${musl[@]}" gcc lib "${plain[@]}" -fno-pic -mcmodel=large -Wl,-z,notext text-relocation.c
for level in none strong; do
  case $level in none) flag=-fno-stack-protector ;; *) flag=-fstack-protector-$level ;; esac
  sample "x86_64-musl-gcc-static-$level-stripped" "static, not PIE, $level stack protector; musl never applies RELRO to it" \
    "${musl[@]}" gcc static "${plain[@]}" -s $flag program.c
  sample "x86_64-musl-gcc-staticpie-$level-stripped" "static PIE, $level stack protector" \
    "${musl[@]}" gcc staticpie "${plain[@]}" -s $flag -Wl,-z,relro,-z,now program.c
done
edited x86_64-musl-gcc-staticpie-strong-nosections 'static PIE without section headers: code is all there is' \
  x86_64-musl-gcc-staticpie-strong-stripped node "$tools/edit-elf.mjs" strip-sections
edited x86_64-musl-gcc-staticpie-none-nosections 'the same without a stack protector: the only canaries are those of libc.a' \
  x86_64-musl-gcc-staticpie-none-stripped node "$tools/edit-elf.mjs" strip-sections
sample x86_64-musl-clang-staticpie-strong-stripped 'static PIE by clang and lld' \
  "${musl[@]}" clang staticpie "${plain[@]}" -s -fstack-protector-strong program.c
edited x86_64-musl-gcc-pie-nostackheader 'PT_GNU_STACK turned into PT_NULL: musl gives threads no executable stack' \
  x86_64-musl-gcc-pie-alpine node "$tools/edit-elf.mjs" drop-segment GNU_STACK
sample x86_64-musl-gcc-pie-glibcinterpreter 'musl program whose interpreter is that of glibc: contradicts itself' \
  "${musl[@]}" gcc pie "${plain[@]}" -Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2 program.c
sample x86_64-musl-muslgcc-nopie-static 'by Debian musl-gcc' \
  musl-gcc "${plain[@]}" -s -static -no-pie -fno-pie -fstack-protector-strong sized-calls.c
sample x86_64-musl-gcc-loader 'stands for ld-musl-x86_64.so.1, which is libc too: SONAME and entry point, no interpreter' \
  gcc "${plain[@]}" -w -shared -fPIC -nostdlib -fno-builtin -fno-tree-loop-distribute-patterns -fno-stack-protector -Wl,-soname,libc.musl-x86_64.so.1,-e,_dlstart,-z,now loader.c
sample x86_64-musl-gcc-pie-needslib 'needs a library besides libc' \
  "${musl[@]}" gcc pie "${plain[@]}" -fstack-protector-strong -Wl,-z,now library-user.c -Wl,--no-as-needed ../x86_64-musl-gcc-lib-hardened
