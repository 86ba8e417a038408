/* Library calls that cannot be used safely. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char *gets(char *);
int main(int count, char **words) {
  char line[64];
  char name[] = "/tmp/fileXXXXXX";
  if (count > 5) {
    gets(line);
    mktemp(name);
    tmpnam(line);
    strcpy(line, words[1]);
    system(line);
  }
  return 0;
}
