/* Nothing on the stack whose overflow could matter, and no call that FORTIFY could check. */
static int add(int a, int b) { return a + b; }
int main(int count, char **words) {
  (void)words;
  return add(count, -1);
}
