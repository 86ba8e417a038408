/* Built without -fPIC into a shared library: the loader has to patch addresses into its code. */
extern int outside;
int outside_value(void) { return outside; }
int *outside_address(void) { return &outside; }
