#include <stdio.h>
__attribute__((target_clones("avx2", "default"), noinline)) int work(const int *x, int n) { int s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i]; return s; }
int main(int count, char **words) {
  int x[256];
  for (int i = 0; i < 256; i++) x[i] = i * count;
  (void)words;
  printf("%d\n", work(x, 256));
  return 0;
}
