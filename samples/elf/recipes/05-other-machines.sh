# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# 32 bits, big-endian, and machines whose defaults differ: each hardened and bare, on glibc, and on musl where Debian has it.

hard=(-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -pie -Wl,-z,relro,-z,now,-z,noexecstack,--build-id=sha1)
soft=(-O2 -fno-stack-protector -U_FORTIFY_SOURCE -fno-pie -no-pie -Wl,-z,norelro,-z,execstack,--build-id=sha1)

for machine in i386 arm riscv64 ppc64le s390x mips; do
  read -ra compiler <<<"$(gcc_of "$machine")"
  sample "$machine-glibc-gcc-pie-hardened" 'what the machine has, on' \
    "${compiler[@]}" "${small[@]}" "${hard[@]}" program.c
  sample "$machine-glibc-gcc-nopie-bare" 'everything off' \
    "${compiler[@]}" "${small[@]}" "${soft[@]}" program.c
  edited "$machine-glibc-gcc-pie-hardened-nosections" 'no section headers' \
    "$machine-glibc-gcc-pie-hardened" node "$tools/edit-elf.mjs" strip-sections
done
for machine in i386 arm; do
  read -ra compiler <<<"$(gcc_of "$machine")"
  sample "$machine-glibc-gcc-pie-time32" 'times of 32 bits, as by default' "${compiler[@]}" "${small[@]}" "${hard[@]}" times.c
  sample "$machine-glibc-gcc-pie-time64" 'times of 64 bits' \
    "${compiler[@]}" "${small[@]}" "${hard[@]}" -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64 times.c
done
sample i386-glibc-gcc-lib-timemixed 'a part with times of 64 bits, the rest with 32' \
  gcc -m32 -s "${small[@]}" -O2 -shared -fPIC -DMIXED -Wl,-soname,libtimes.so.1 times.c
read -ra compiler <<<"$(gcc_of i386)"
sample i386-glibc-gcc-pie-lonebuffer 'one function with a buffer, which scanf fills: no canary' \
  "${compiler[@]}" "${small[@]}" -O2 -fno-stack-protector lone-buffer.c
sample i386-glibc-clang-pie-safestack 'the same, by SafeStack of clang' \
  clang-16 -m32 -fuse-ld=lld-16 -s -Wl,--build-id=sha1 -O2 -fno-stack-protector -fsanitize=safe-stack lone-buffer.c
sample i386-glibc-gcc-pie-lonebuffer-plain 'the same, -fstack-protector' \
  "${compiler[@]}" "${small[@]}" -O2 -fstack-protector lone-buffer.c
sample riscv64-glibc-gcc-pie-copiedname 'main keeps a buffer that strcpy fills: no canary' \
  riscv64-linux-gnu-gcc "${small[@]}" -O2 -fno-stack-protector -U_FORTIFY_SOURCE copied-name.c
sample riscv64-glibc-gcc-pie-copiedname-plain 'the same, -fstack-protector' \
  riscv64-linux-gnu-gcc "${small[@]}" -O2 -fstack-protector -U_FORTIFY_SOURCE copied-name.c
sample riscv64-glibc-gcc-pie-fortify-format 'a constant format, and FORTIFY was off' \
  riscv64-linux-gnu-gcc "${small[@]}" -O2 -U_FORTIFY_SOURCE formatted.c
sample arm-glibc-gcc-pie-copiedname 'main keeps a buffer that strcpy fills: no canary; T32' \
  arm-linux-gnueabihf-gcc "${small[@]}" -O2 -fno-stack-protector -U_FORTIFY_SOURCE copied-name.c
sample arm-glibc-gcc-pie-copiedname-a32 'the same in A32' \
  arm-linux-gnueabihf-gcc "${small[@]}" -marm -O2 -fno-stack-protector -U_FORTIFY_SOURCE copied-name.c
sample arm-glibc-gcc-pie-copiedname-plain 'the same in T32, -fstack-protector' \
  arm-linux-gnueabihf-gcc "${small[@]}" -O2 -fstack-protector -U_FORTIFY_SOURCE copied-name.c
sample arm-glibc-gcc-pie-lonebuffer-unoptimised 'a buffer at the frame pointer, which scanf fills: no canary' \
  arm-linux-gnueabihf-gcc "${small[@]}" -O0 -fno-stack-protector lone-buffer.c
sample arm-glibc-gcc-pie-fortify-format 'a constant format, and FORTIFY was off' \
  arm-linux-gnueabihf-gcc "${small[@]}" -O2 -U_FORTIFY_SOURCE formatted.c
for machine in i386 arm ppc64le s390x; do
  sample "$machine-musl-gcc-pie-hardened-stripped" 'on musl, stripped' \
    "$tools/musl-cc.sh" "$machine" gcc pie "${small[@]}" -s "${hard[@]}" program.c
  sample "$machine-musl-gcc-staticpie-strong-stripped" 'static PIE on musl, stripped' \
    "$tools/musl-cc.sh" "$machine" gcc staticpie "${small[@]}" -s -O2 -fstack-protector-strong program.c
done
sample mips-glibc-gcc-pie-strong '32-bit big-endian' \
  mips-linux-gnu-gcc "${small[@]}" -O2 -fstack-protector-strong program.c
sample mips-glibc-gcc-lib-plain 'a 32-bit big-endian library: RPATH to /tmp' \
  mips-linux-gnu-gcc "${small[@]}" -O2 -shared -fPIC -Wl,-soname,libsample.so.1,--disable-new-dtags,-rpath,/tmp library.c
sample i386-glibc-gcc-lib-textrel 'an i386 library without -fPIC' \
  gcc -m32 -O2 -shared -fno-pic text-relocation.c
edited i386-glibc-gcc-pie-nostackheader 'no PT_GNU_STACK: i386 then makes everything readable executable' \
  i386-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" drop-segment GNU_STACK
