/* A library that a process opens. Its functions fill buffers without checks of their own. */
#include <stdio.h>
#include <string.h>

int sum_of(const char *text) {
  char copy[100], shown[32];
  int sum = 0;
  strcpy(copy, text);
  for (const char *at = copy; *at; at++) sum += *at;
  sprintf(shown, "%d", sum);
  return (int)strlen(shown) + sum;
}

int words_of(const char *text) {
  char copy[200];
  int words = 0;
  strcpy(copy, text);
  for (char *at = strtok(copy, " "); at != NULL; at = strtok(NULL, " ")) words += 1;
  return words;
}

int joined(const char *first, const char *second, char *out) {
  char both[256];
  snprintf(both, sizeof both, "%s %s", first, second);
  strcat(both, "\n");
  strcpy(out, both);
  return (int)strlen(both);
}
