/* Its one function with a buffer never returns, so its canary is stored and never checked: no __stack_chk_fail. */
#include <stdlib.h>
#include <string.h>
char saved[32];
int main(int count, char **words) {
  char buffer[32];
  strncpy(buffer, words[0], sizeof buffer);
  memcpy(saved, buffer + (count & 1), 31);
  exit(buffer[3] == count);
}
