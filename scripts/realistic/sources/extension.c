/* A library that a process opens: one function with a buffer, which it fills without a check of its own. */
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
