/* Buffers on the stack, without any header or start file of a C library. */
char *getenv(const char *name);
char *strcpy(char *to, const char *from);
int puts(const char *text);
static int show(const char *name) {
  char buffer[32];
  strcpy(buffer, getenv(name));
  return puts(buffer);
}
__attribute__((noinline)) int twice(const char *name) {
  char buffer[64];
  strcpy(buffer, name);
  return show(buffer) + puts(buffer);
}
int main(void) { return twice("HOME"); }
