#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#ifdef MIXED
/* As where a library of its own was compiled another way. */
long long wide_time(long long *) __asm__("__time64");
#else
#define wide_time(at) ((long long)time(at))
#endif

int newest(const char *path) {
  struct stat about;
  struct tm when;
  if (stat(path, &about) != 0 || localtime_r(&about.st_mtime, &when) == NULL) return 1;
  return printf("%d, %lld seconds old\n", when.tm_year, wide_time(NULL) - (long long)about.st_mtime) < 0;
}

int main(int count, char **arguments) {
  return count > 1 ? newest(arguments[1]) : 0;
}
