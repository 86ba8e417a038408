/* An IFUNC: the loader calls the resolver and stores its answer in a slot (R_*_IRELATIVE). */
static int generic(void) { return 1; }
static int (*choose(void))(void) { return generic; }
int chosen(void) __attribute__((ifunc("choose")));
int main(void) { return chosen() - 1; }
