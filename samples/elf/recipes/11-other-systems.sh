# shellcheck shell=bash disable=SC2154,SC2054 # variables cross files, commas belong to -Wl
# Programs of systems whose kernel is not Linux, and of Android: by clang and lld, against libraries that have the names of theirs.

foreign() { # TARGET LOADER LIBC NAME WHY ARGUMENT...
  local target=$1 loader=$2 libc=$3 name=$4 why=$5
  local clang=(clang-16 "--target=$target" -fuse-ld=lld-16 -nostdlib -O2)
  shift 5
  part "$target-$libc" "${clang[@]}" -fno-stack-protector -shared -fPIC "-Wl,-soname,$libc" system-libc.c
  sample "$name" "$why" "${clang[@]}" -fPIE -pie "-Wl,--dynamic-linker=$loader,-e,main" "$@" "$parts/$target-$libc"
}

foreign x86_64-unknown-freebsd14 /libexec/ld-elf.so.1 libc.so.7 x86_64-other-clang-pie-freebsd \
  'of FreeBSD, whose guard is a variable' -fstack-protector-strong -Wl,-z,relro,-z,now system-user.c
foreign x86_64-unknown-freebsd14 /libexec/ld-elf.so.1 libc.so.7 x86_64-other-clang-pie-freebsdnostack \
  'of FreeBSD without PT_GNU_STACK: its kernel then makes the stack executable' -fno-stack-protector -Wl,-z,nognustack system-user.c
foreign x86_64-unknown-openbsd /usr/libexec/ld.so libc.so.97.1 x86_64-other-clang-pie-openbsd \
  'of OpenBSD, which binds lazily by kbind(2), and makes no stack executable' -fno-stack-protector -Wl,-z,nognustack,-z,lazy system-user.c
foreign x86_64-unknown-netbsd /usr/libexec/ld.elf_so libc.so.12 x86_64-other-clang-pie-netbsd \
  'of NetBSD, which makes no stack executable' -fno-stack-protector -Wl,-z,execstack system-user.c
foreign x86_64-unknown-fuchsia ld.so.1 libzircon.so x86_64-other-clang-pie-fuchsia \
  'of Fuchsia, which gives its loader no path' -fno-stack-protector system-user.c
foreign aarch64-linux-android29 /system/bin/linker64 libc.so aarch64-other-clang-pie-android \
  'of Android, which has no kernel with pages of 64 KiB' -fno-stack-protector -Wl,-z,max-page-size=16384 system-user.c
