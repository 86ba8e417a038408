/*
 * One of many functions with buffers is protected, as when one object file of many was built with the flag:
 * build with -fno-stack-protector.
 */
#include <stdio.h>
#include <string.h>
static volatile int seed;
__attribute__((noinline, stack_protect)) static int guarded(const char *text) {
  char buffer[32];
  strcpy(buffer, text);
  return buffer[seed & 31];
}
#define BARE(name, size)                                                        \
  __attribute__((noinline)) static int name(const char *text) {                 \
    char buffer[size];                                                          \
    strcpy(buffer, text);                                                       \
    return buffer[seed & 7];                                                    \
  }
BARE(bare1, 16) BARE(bare2, 17) BARE(bare3, 18) BARE(bare4, 19) BARE(bare5, 20) BARE(bare6, 21)
BARE(bare7, 22) BARE(bare8, 23) BARE(bare9, 24) BARE(bare10, 25) BARE(bare11, 26) BARE(bare12, 27)
BARE(bare13, 33) BARE(bare14, 34) BARE(bare15, 35) BARE(bare16, 36) BARE(bare17, 37) BARE(bare18, 38)
BARE(bare19, 39) BARE(bare20, 40) BARE(bare21, 41) BARE(bare22, 42) BARE(bare23, 43) BARE(bare24, 44)
BARE(bare25, 65) BARE(bare26, 66) BARE(bare27, 67) BARE(bare28, 68) BARE(bare29, 69) BARE(bare30, 70)
static int (*const all[])(const char *) = {
    bare1,  bare2,  bare3,  bare4,  bare5,  bare6,  bare7,  bare8,  bare9,  bare10, bare11,
    bare12, bare13, bare14, bare15, bare16, bare17, bare18, bare19, bare20, bare21, bare22,
    bare23, bare24, bare25, bare26, bare27, bare28, bare29, bare30, guarded};
int main(int count, char **words) {
  int total = 0;
  for (int i = 0; i < 31; i++) total += all[i](words[count - 1]);
  printf("%d\n", total);
  return 0;
}
