/*
 * A small program as many are: buffers on the stack, input copied into them, formatted output. It has one
 * function for each reason why a compiler protects a function, or does not.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __clang__
#define SEPARATE __attribute__((noinline))
#else
#define SEPARATE __attribute__((noinline, noclone))
#endif

struct person {
  char name[24];
  int age;
};

static volatile int seed;

/* No frame of its own: no level of -fstack-protector but -all protects it. */
SEPARATE static int sum(int a, int b) { return 3 * a + b; }

/* The address of a local variable escapes: protected by -fstack-protector-strong, not by -fstack-protector. */
SEPARATE static void touch(int *value) { *value += seed; }
SEPARATE static int escape(void) {
  int value = 1;
  touch(&value);
  return value;
}

/* An array of less than 8 bytes: only -strong. */
SEPARATE static int short_array(const char *text) {
  char first[4];
  memcpy(first, text, sizeof first);
  return first[seed & 3];
}

/* Arrays of 8 bytes and more: every level. */
SEPARATE static int copy(const char *text) {
  char buffer[32];
  strcpy(buffer, text);
  return (int)strlen(buffer);
}
SEPARATE static int copy_counted(const char *text, size_t length) {
  char buffer[64];
  memcpy(buffer, text, length);
  buffer[63] = 0;
  return buffer[seed & 63];
}
SEPARATE static int format(const char *text) {
  char buffer[48];
  sprintf(buffer, "%s-%d", text, seed);
  return (int)strlen(buffer);
}
SEPARATE static int join(const char *first, const char *second) {
  char buffer[40] = "";
  strcat(buffer, first);
  strcat(buffer, second);
  return (int)strlen(buffer);
}
SEPARATE static int receive(size_t length) {
  char buffer[128];
  ssize_t got = read(0, buffer, length);
  return got > 0 ? buffer[0] : -1;
}

/* The overflow stays inside an object of the caller: nothing for the stack protector, something for FORTIFY. */
SEPARATE static int rename_person(struct person *person, const char *name) {
  strcpy(person->name, name);
  return person->age;
}

#ifndef SMALL_FRAMES
/* A frame of many pages: reason for -fstack-clash-protection to probe each of them. */
SEPARATE static int wide(size_t length) {
  char buffer[70000];
  memset(buffer, 7, length);
  return buffer[length / 2];
}
#endif

int main(int count, char **words) {
  struct person person = {"", count};
  size_t length = (size_t)count;
  int total = sum(count, escape()) + short_array(words[0]) + copy(words[0]);
  seed = count;
  total += copy_counted(words[0], length) + format(words[0]);
  if (count > 9) total += receive(length) + rename_person(&person, words[0]) + join(words[0], words[1]);
#ifndef SMALL_FRAMES
  if (count > 99) total += wide(length);
#endif
  printf("%d %s\n", total, count > 3 ? words[1] : "done");
  return 0;
}
