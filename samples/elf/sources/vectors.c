// Works with floating-point numbers in main and what it calls.
#include <stdio.h>

__attribute__((noinline)) static double sum(const double *values, int count) {
  double total = 0;
  for (int i = 0; i < count; i++) total += __builtin_floor(values[i] * 1.5);
  return total;
}

int main(int count, char **words) {
  double values[64];
  (void)words;
  for (int i = 0; i < 64; i++) values[i] = i * count / 3.0;
  printf("%f\n", sum(values, 64));
  return 0;
}
