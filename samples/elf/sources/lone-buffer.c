/* One function alone has a buffer, and hands it to one that fills it: the first program that many people try. */
#include <stdio.h>
int main(void) {
  char name[64];
  if (scanf("%s", name) != 1) return 1;
  puts(name);
  return 0;
}
