#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *a, const void *b) { uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b; return (x > y) - (x < y); }
static uint32_t mix(uint32_t x) { x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; return x * 0x846ca68b; }
int main(void) {
  static uint32_t numbers[5000];
  uint64_t sum = 0;
  for (unsigned i = 0; i < 5000; i++) numbers[i] = mix(i);
  qsort(numbers, 5000, sizeof *numbers, compare);
  for (unsigned i = 0; i < 5000; i++) sum = (sum << 1 | sum >> 63) + __builtin_popcount(numbers[i]) + __builtin_clz(numbers[i] | 1);
  printf("%llu\n", (unsigned long long)sum);
  return 0;
}
