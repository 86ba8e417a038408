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
sample x86_64-none-gcc-static-boot 'boot code: a function that it calls first loads a table of segments' \
  gcc "${bare[@]}" boot-x86_64.S
sample x86_64-none-gcc-static-writescode 'a program of Linux whose only system call is made at run time' \
  gcc "${bare[@]}" writes-code.S
sample x86_64-none-gcc-object-grub 'as a module of GRUB, not protected' \
  gcc -O2 -fno-stack-protector -ffreestanding -c grub-module.c
