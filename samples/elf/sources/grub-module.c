/* As a module of GRUB: sections that its loader reads, and functions of GRUB. */
extern int grub_printf(const char *format, ...);
extern void *grub_memcpy(void *to, const void *from, unsigned long size);
extern unsigned long grub_strlen(const char *text);

__asm__(".section .module_license,\"a\"\n.asciz \"LICENSE=GPLv3+\"\n.section .modname\n.asciz \"sample\"\n.text\n");

void grub_mod_init(const char *text) {
  char copy[64];
  grub_memcpy(copy, text, grub_strlen(text));
  grub_printf("%s\n", copy);
}
