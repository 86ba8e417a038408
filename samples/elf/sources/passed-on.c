/*
 * Passes the addresses of printf and fprintf on, through variables that the compiler cannot follow: FORTIFY replaces
 * calls, not addresses, so the plain names stay in a file that is fortified all over.
 */
#include <stdio.h>
int (*volatile print)(const char *, ...) = printf;
int main(int count, char **words) {
  int (*volatile report)(FILE *, const char *, ...) = fprintf;
  char text[16];
  if (fgets(text, count, stdin) == NULL) return 1;
  print("%s %s\n", words[0], text);
  return report(stderr, "%d\n", count);
}
