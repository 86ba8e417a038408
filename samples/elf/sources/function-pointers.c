/* Calls through a table of function pointers: what IBT, BTI and CFI guard. */
typedef int (*step)(int);
__attribute__((noinline)) static int up(int x) { return x + 1; }
__attribute__((noinline)) static int down(int x) { return x - 1; }
__attribute__((noinline)) static int twice(int x) { return x * 2; }
step steps[] = {up, down, twice};
__attribute__((noinline)) int walk(int x) {
  int total = 0;
  for (int i = 0; i < 3; i++) total += steps[(x + i) % 3](x);
  return total;
}
int main(int count, char **words) {
  (void)words;
  return walk(count) - walk(1);
}
