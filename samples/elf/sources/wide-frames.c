/* Frames larger than a page, which stack clash protection probes page by page. */
#include <string.h>
static volatile int seed;
__attribute__((noinline)) static int pages(size_t length) {
  char buffer[70000];
  memset(buffer, 7, length);
  return buffer[seed & 4095];
}
__attribute__((noinline)) static int more_pages(size_t length) {
  char buffer[140000];
  memset(buffer, 9, length);
  return buffer[seed & 4095];
}
int main(int count, char **words) {
  (void)words;
  return pages((size_t)count) + more_pages((size_t)count) == 1;
}
