# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# Other languages, packed, unusual and damaged files.

sample x86_64-glibc-gcc-pie-cxx 'C++ with exceptions, protected' \
  g++ "${plain[@]}" -fstack-protector-strong -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -Wl,-z,now program.cc
sample x86_64-glibc-gcc-pie-cxx-none 'C++ with exceptions, not protected' \
  g++ "${plain[@]}" -fno-stack-protector program.cc
sample x86_64-none-go-static-stripped 'Go, as `go build` makes it: static, not PIE, no RELRO' \
  env GOFLAGS=-trimpath CGO_ENABLED=0 go build -o OUTPUT -ldflags '-s -w -buildid=' program.go
sample x86_64-glibc-rust-pie-stripped 'Rust: PIE, full RELRO, probes its frames; no canaries by design' \
  rustc --edition 2021 -C opt-level=z -C panic=abort -C lto -C strip=symbols -C codegen-units=1 --remap-path-prefix="$PWD=." program.rs

# UPX needs 4 KiB of gain at least, so it packs the larger ones.
edited x86_64-musl-gcc-static-packed 'packed by UPX: only the stub can be seen' \
  x86_64-musl-gcc-static-strong-stripped upx -q
edited x86_64-musl-gcc-staticpie-packed 'static PIE packed by UPX' \
  x86_64-musl-gcc-staticpie-strong-stripped upx -q
edited aarch64-musl-gcc-static-packed 'packed by UPX' \
  aarch64-musl-gcc-static-none-stripped upx -q

sample x86_64-none-gcc-module-protected 'kernel module: canary at gs:0x28' \
  gcc -O2 -ffreestanding -mcmodel=kernel -fno-pic -mno-red-zone -fstack-protector-strong -mstack-protector-guard-reg=gs -c module.c
sample x86_64-none-gcc-module-retpoline 'kernel module with retpolines' \
  gcc -O2 -ffreestanding -mcmodel=kernel -fno-pic -mno-red-zone -fno-stack-protector -mindirect-branch=thunk-extern -DRETPOLINE -c module.c
sample x86_64-none-gcc-module-bare 'kernel module without stack protector' \
  gcc -O2 -ffreestanding -mcmodel=kernel -fno-pic -mno-red-zone -fno-stack-protector -c module.c
edited x86_64-none-gcc-module-signed 'kernel module with a signature behind it, by a key that nobody has' \
  x86_64-none-gcc-module-retpoline node "$tools/edit-elf.mjs" append-signature 000002000000000000000100
edited x86_64-none-gcc-module-badsignature 'a mark of a signature, and none that a kernel reads' \
  x86_64-none-gcc-module-retpoline node "$tools/edit-elf.mjs" append-signature 000002000000000000000000
sample x86_64-none-gcc-kernel-tiny 'linked to an address that no process can have, as a kernel is' \
  gcc -O2 -static -nostdlib -fno-pie -no-pie -mcmodel=kernel -fno-stack-protector -Wl,--build-id=none,-Ttext-segment=0xffffffff81000000 no-libc.c
sample x86_64-none-gcc-kernel-ikconfig 'the same with its configuration in it, between the marks of CONFIG_IKCONFIG' \
  gcc -O2 -static -nostdlib -fno-pie -no-pie -mcmodel=kernel -fno-stack-protector -Wl,--build-id=none,-Ttext-segment=0xffffffff81000000 no-libc.c kernel-ikconfig.S
part core.o gcc -c core.S
part core-shaped ld -T core.ld "$parts/core.o"
edited x86_64-none-core 'the shape of a core dump' \
  core-shaped node "$tools/edit-elf.mjs" set-type 4

edited x86_64-glibc-gcc-pie-twodynamic 'two PT_DYNAMIC segments' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment NOTE:type=2
edited x86_64-glibc-gcc-pie-overlapping 'two loaded segments at one address' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment LOAD.2:address=0x1000
edited x86_64-glibc-gcc-pie-filesizeovermemory 'a segment larger in the file than in memory' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment LOAD.3:memsz=0x10
edited x86_64-glibc-gcc-pie-truncated 'cut short in the middle of a segment' \
  x86_64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" truncate 0x2000
edited x86_64-none-gcc-staticpie-cut 'cut before its dynamic section: it starts all the same' \
  x86_64-none-gcc-staticpie-tiny node "$tools/edit-elf.mjs" truncate 0x2100
edited aarch64-glibc-gcc-pie-truncated 'cut short in the middle of a segment' \
  aarch64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" truncate 0x2000
edited aarch64-glibc-gcc-pie-overlapping 'two loaded segments at one address' \
  aarch64-glibc-gcc-pie-hardened node "$tools/edit-elf.mjs" set-segment LOAD.1:address=0x0
edited x86_64-glibc-gcc-pie-liesinsections 'its section table calls the code not executable and moves it' \
  x86_64-glibc-gcc-pie-hardened-stripped node "$tools/edit-elf.mjs" set-section .text:flags=2,address=0x9000
sample x86_64-glibc-gcc-pie-noseparatecode 'headers and constants in the executable segment' \
  gcc "${plain[@]}" -Wl,-z,noseparate-code program.c
