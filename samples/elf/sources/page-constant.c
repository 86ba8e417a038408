/* As jemalloc does in pages_boot: an allocator that is built for pages of PAGE bytes, and fails where they are larger. */
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) int pages_boot(void) {
  size_t os_page = (size_t)sysconf(_SC_PAGESIZE);
  if (os_page > PAGE) {
    fputs("<jemalloc>: Unsupported system page size\n", stderr);
    return 1;
  }
  return 0;
}

int main(void) {
  if (pages_boot()) return 1;
  return puts("ready") < 0;
}
