/* A GNU C nested function whose address is taken: GCC writes a trampoline on the stack, which must be executable. */
static int apply(int (*function)(int), int x) { return function(x); }
int main(int count, char **words) {
  (void)words;
  int add_count(int x) { return x + count; }
  return apply(add_count, 1) - 2;
}
