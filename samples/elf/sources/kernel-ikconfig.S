/* As kernel/configs.c puts it into a kernel with CONFIG_IKCONFIG. */
.section .rodata, "a"
.ascii "IKCFG_ST"
.incbin "kernel-config.gz"
.ascii "IKCFG_ED"
.section .note.GNU-stack, "", @progbits
