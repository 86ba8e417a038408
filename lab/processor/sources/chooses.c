#include <stdio.h>
__attribute__((target("avx2"), noinline)) static int fast(const int *x, int n) { int s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i]; return s; }
__attribute__((noinline)) static int slow(const int *x, int n) { int s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i]; return s; }
int main(int count, char **words) {
  int x[256];
  for (int i = 0; i < 256; i++) x[i] = i * count;
  (void)words;
  printf("%d\n", __builtin_cpu_supports("avx2") ? fast(x, 256) : slow(x, 256));
  return 0;
}
