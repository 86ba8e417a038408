/* Text is put together by a constant format: level 2 of FORTIFY replaces the call whatever the sizes are. */
#include <stdio.h>
static char line[64];
int main(int count, char **words) {
  snprintf(line, sizeof line, "%s/%d", words[0], count);
  return puts(line) < 0;
}
