/* Twelve functions that take the address of a number, and three that keep an array of characters: -fstack-protector-strong
   protects them all, plain -fstack-protector the three. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noipa)) static void set(int *number, int to) { *number = to + 1; __asm__ volatile("" ::: "memory"); }

#define TAKE(name)                                                                                       \
  __attribute__((noipa)) static int name(int given) {                                                \
    int number = given;                                                                                  \
    set(&number, given);                                                                                 \
    return number * 3;                                                                                   \
  }
TAKE(one) TAKE(two) TAKE(three) TAKE(four) TAKE(five) TAKE(six)
TAKE(seven) TAKE(eight) TAKE(nine) TAKE(ten) TAKE(eleven) TAKE(twelve)

#define KEEP(name)                                                                                       \
  __attribute__((noipa)) static int name(const char *given) {                                        \
    char text[64];                                                                                       \
    strcpy(text, given);                                                                                 \
    return puts(text);                                                                                   \
  }
KEEP(left) KEEP(middle) KEEP(right)

int main(int argc, char **argv) {
  int all = one(argc) + two(argc) + three(argc) + four(argc) + five(argc) + six(argc) + seven(argc);
  all += eight(argc) + nine(argc) + ten(argc) + eleven(argc) + twelve(argc);
  printf("%d of %s\n", all, argv[0]);
  printf("%d\n", all + 1);
  return left(argv[0]) + middle(argv[0]) + right(argv[0]);
}
