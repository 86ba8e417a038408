/*
 * Work for every protection that a compiler knows, as C and as C++: frames that each level of the stack protector
 * takes for different reasons, calls that each level of FORTIFY checks, a wide frame, indirect calls. `table` is there
 * for a packer, which packs only what becomes smaller.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "work.h"

#ifdef __clang__
#define SEPARATE __attribute__((noinline))
#else
#define SEPARATE __attribute__((noinline, noclone))
#endif

#ifndef VERSION
#define VERSION 2.10.3
#endif
#define QUOTED(text) #text
#define TEXT_OF(macro) QUOTED(macro)
static volatile const char version[] = "app " TEXT_OF(VERSION);

static volatile int seed;
static volatile const char table[65536] = {1};

/* The address of a local variable escapes: protected by -fstack-protector-strong, not by -fstack-protector. */
SEPARATE static void touch(int *value) { *value += seed; }
#define ESCAPES(name)                                                                                                  \
  SEPARATE static int name(int number) {                                                                               \
    int value = number;                                                                                                \
    touch(&value);                                                                                                     \
    return value + seed;                                                                                               \
  }
ESCAPES(first)
ESCAPES(second)
ESCAPES(third)
ESCAPES(fourth)
ESCAPES(fifth)
ESCAPES(sixth)

/* Arrays of 8 bytes and more: protected by every level. Their sizes are known: checked by every level of FORTIFY. */
SEPARATE static int copy(const char *text) {
  char buffer[32];
  strcpy(buffer, text);
  return (int)strlen(buffer);
}
SEPARATE static int counted(const char *text, size_t length) {
  char buffer[64];
  memcpy(buffer, text, length);
  return buffer[seed & 63];
}
SEPARATE static int join(const char *one, const char *other) {
  char buffer[40] = "";
  strcat(buffer, one);
  strcat(buffer, other);
  return (int)strlen(buffer);
}
SEPARATE static int receive(size_t length) {
  char buffer[128];
  ssize_t got = read(0, buffer, length);
  return got > 0 ? buffer[0] : -1;
}

/* The printf family is checked from level 2 on. */
SEPARATE static int print(const char *text) {
  char buffer[48];
  sprintf(buffer, "%s-%d", text, seed);
  return printf("%s\n", buffer);
}

/* A size that only run time knows is checked by level 3. */
SEPARATE static int allocated(const char *text, size_t length) {
  char *buffer = (char *)malloc(length + 1);
  int value;
  if (buffer == NULL) return 0;
  strncpy(buffer, text, length);
  memmove(buffer + 1, buffer, length / 2);
  strcpy(buffer, text);
  value = buffer[length / 2];
  free(buffer);
  return value;
}

/* More than a page, and more than the 64 KiB that compilers for AArch64 count with. */
SEPARATE static int wide(size_t length) {
  char buffer[140000];
  memset(buffer, 7, length);
  return buffer[length / 2];
}

/* What single changes add; half of the code at most has an address in it. */
#ifdef TEXT_RELOCATION
__asm__(".pushsection .text\n.balign 8\n.quad work\n.popsection");
#endif
#ifdef WRITABLE_CODE
__asm__(".pushsection .jit,\"awx\",%progbits\n.byte 0xc3\n.popsection");
#endif
#ifdef DANGEROUS
SEPARATE static int temporary(void) {
  char name[] = "/tmp/fileXXXXXX";
  return mktemp(name)[seed & 7];
}
#endif

static int (*volatile const steps[])(int) = {first, second, third, fourth, fifth, sixth};

int work(const char *text, int number) {
  size_t length = strlen(text);
  int total = steps[number % 6](number) + table[number & 65535] + version[number & 7];
  seed = number;
  total += copy(text) + counted(text, length) + join(text, text) + print(text) + allocated(text, length);
#ifdef DANGEROUS
  total += temporary();
#endif
  if (number > 9) total += receive(length);
  if (number > 99) total += wide(length);
  return total;
}
