/* Functions that hand buffers of their own to others: with -fsanitize=safe-stack they lie on a second stack. */
#include <stdio.h>
#include <string.h>
int first(const char *from) {
  char to[64];
  strcpy(to, from);
  return puts(to);
}
int second(const char *from) {
  char to[80];
  strcpy(to, from);
  return puts(to);
}
int third(const char *from) {
  char to[96];
  strcat(strcpy(to, from), from);
  return puts(to);
}
