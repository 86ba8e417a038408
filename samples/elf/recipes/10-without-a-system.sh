# shellcheck shell=bash disable=SC2154 # variables cross files
# What runs without an operating system, and what only seems to.

bare=(-nostdlib -static -no-pie -Wl,--build-id=none)
sample arm-none-gcc-static-cortexm 'firmware of a microcontroller: its code does not call Linux' \
  arm-linux-gnueabihf-gcc -O2 -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fno-pie -fno-stack-protector "${bare[@]}" firmware.c
sample arm-none-gcc-static-cortexmsvc 'marked as firmware, and it calls a supervisor: one of its own, or Linux' \
  arm-linux-gnueabihf-gcc -O2 -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fno-pie -fno-stack-protector -DSUPERVISOR_CALL "${bare[@]}" firmware.c
sample arm-none-gcc-object-cortexm 'an object file for a microcontroller' \
  arm-linux-gnueabihf-gcc -O2 -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fno-stack-protector -c firmware.c
sample aarch64-none-gcc-static-boot 'boot code: it dies as a process at its second instruction' \
  aarch64-linux-gnu-gcc "${bare[@]}" boot-aarch64.S
sample s390x-none-gcc-pie-boot 'boot code that names a loader, as linkers do in it: it dies as a process where it writes below 4 KiB' \
  s390x-linux-gnu-gcc -s -Wl,--build-id=none,--export-dynamic,-z,max-page-size=4096 -nostdlib -pie boot-s390x.S
sample x86_64-none-gcc-static-boot 'boot code: a function that it calls first loads a table of segments' \
  gcc "${bare[@]}" boot-x86_64.S
sample x86_64-none-gcc-static-writescode 'a program of Linux whose only system call is made at run time' \
  gcc "${bare[@]}" writes-code.S
sample x86_64-none-gcc-object-grub 'as a module of GRUB, not protected' \
  gcc -O2 -fno-stack-protector -ffreestanding -c grub-module.c

com32=(-O2 -shared -fPIC -nostdlib -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables)
com32+=(-Wl,--hash-style=gnu,-z,norelro,-z,noseparate-code,--build-id=none)
sample x86_64-none-gcc-lib-com32data 'a module of Syslinux: it imports data that only its core has' \
  gcc -s "${com32[@]}" -DDATA com32-module.c
sample x86_64-none-gcc-lib-com32calls 'as a module of Syslinux, and any process can load it: functions are looked for when they are called' \
  gcc -s "${com32[@]}" com32-module.c
sample x86_64-none-gcc-lib-com32core 'a library that supplies to processes what modules of Syslinux need' \
  gcc -s "${com32[@]}" -DCORE -Wl,-soname,libcom32.c32 com32-module.c
sample x86_64-none-gcc-lib-com32needs 'a module of Syslinux: it needs a library of it' \
  gcc -s "${com32[@]}" -Wl,--no-as-needed com32-module.c ../x86_64-none-gcc-lib-com32core
