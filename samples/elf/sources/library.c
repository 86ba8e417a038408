/* A shared library with a stack buffer, a table of pointers to relocate, and calls through the PLT. */
#include <stdio.h>
#include <string.h>
static const char *const messages[] = {"zero", "one", "two"};
const char *library_message(int number) {
  puts(messages[number % 3]);
  return messages[number % 3];
}
int library_copy(char *to, const char *from) {
  char buffer[16];
  strcpy(buffer, from);
  strcpy(to, buffer);
  return buffer[3];
}
