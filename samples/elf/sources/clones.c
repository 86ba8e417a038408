// One function has a second form for processors with AVX2, which the loader chooses (IFUNC).
#include <stdio.h>

__attribute__((target_clones("avx2", "default"), noinline)) int sum(const int *values, int count) {
  int total = 0;
  for (int i = 0; i < count; i++) total += values[i] * values[i];
  return total;
}

int main(int count, char **words) {
  int values[256];
  (void)words;
  for (int i = 0; i < 256; i++) values[i] = i * count;
  printf("%d\n", sum(values, 256));
  return 0;
}
