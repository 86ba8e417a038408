# shellcheck shell=bash disable=SC2154 # variables cross files
# Object files, whose functions are known by their symbols and whose guards by their relocations.

sample x86_64-glibc-gcc-object-ssp-none 'an object file without stack protector' \
  gcc -O2 -fno-stack-protector -c program.c
sample x86_64-glibc-gcc-object-onebuffer 'one function with a large buffer, not protected' \
  gcc -O2 -fno-stack-protector -c one-buffer.c
sample x86_64-glibc-gcc-object-parameters 'protected, but only addresses of parameters are taken, which needs no canary' \
  gcc -O2 -fstack-protector-strong -c parameters.c
sample x86_64-glibc-gcc-object-loaderpart 'as a part of libc.a that runs before there is a canary' \
  gcc -O2 -fno-stack-protector -c loader-part.c
sample x86_64-none-gcc-object-assembly 'assembly that takes stack addresses' \
  gcc -c stack-addresses.S
sample x86_64-glibc-gcc-object-lto 'compiled for link-time optimisation: no machine code yet' \
  gcc -O2 -flto -frandom-seed=0 -fno-stack-protector -c one-buffer.c
sample x86_64-glibc-gcc-object-passedon 'FORTIFY, and the addresses of printf and fprintf passed on' \
  gcc -O2 -D_FORTIFY_SOURCE=2 -c passed-on.c
for machine in i386 aarch64 arm riscv64 ppc64le s390x mips; do
  read -ra compiler <<<"$(gcc_of "$machine")"
  sample "$machine-glibc-gcc-object-strong" 'an object file, protected' \
    "${compiler[@]}" -O2 -fstack-protector-strong -c program.c
  sample "$machine-glibc-gcc-object-none" 'the same without optimisation or protection: it addresses all by frame pointers' \
    "${compiler[@]}" -O0 -fno-stack-protector -c program.c
done
sample aarch64-glibc-clang-object-strong 'an object file of clang, protected' \
  clang-16 --target=aarch64-linux-gnu -O2 -fstack-protector-strong -c program.c
