/* One function with a buffer of its own. */
#include <stdio.h>
int scan(void) {
  char name[64];
  return scanf("%s", name) == 1 ? puts(name) : 1;
}
