/*
 * Stands for musl's libc.so, which is libc and loader in one: the same SONAME, an entry point, no interpreter,
 * and the names that the programs of the sample image take from it. It is there to be read, not to be run.
 */
#include <stddef.h>
#include <stdint.h>

uintptr_t __stack_chk_guard = 0x595e9fbd;
void *_dl_debug_addr = &__stack_chk_guard;
void __stack_chk_fail(void) { __builtin_trap(); }
void _dlstart(void) { __builtin_trap(); }
int __libc_start_main(int (*program)(int, char **, char **), int count, char **words) {
  return program(count, words, words + count + 1);
}
size_t strlen(const char *text) {
  const char *end = text;
  while (*end) end++;
  return (size_t)(end - text);
}
void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  for (size_t i = 0; i < length; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}
void *memset(void *to, int value, size_t length) {
  for (size_t i = 0; i < length; i++) ((char *)to)[i] = (char)value;
  return to;
}
char *strcpy(char *restrict to, const char *restrict from) { return memcpy(to, from, strlen(from) + 1); }
char *stpcpy(char *restrict to, const char *restrict from) { return strcpy(to, from) + strlen(from); }
char *strcat(char *restrict to, const char *restrict from) { return strcpy(to + strlen(to), from), to; }
int puts(const char *text) { return (int)strlen(text); }
int putchar(int character) { return character; }
int printf(const char *restrict format, ...) { return puts(format); }
int sprintf(char *restrict to, const char *restrict format, ...) { return puts(strcpy(to, format)); }
long read(int file, void *to, size_t length) { return memset(to, file, length) != NULL; }
void exit(int code) { __builtin_trap(); }
