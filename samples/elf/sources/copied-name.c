/* One function alone has a buffer, which strcpy fills with a word of any length. */
#include <stdio.h>
#include <string.h>
int main(int count, char **words) {
  char name[64];
  if (count < 2) return 1;
  strcpy(name, words[1]);
  puts(name);
  return 0;
}
