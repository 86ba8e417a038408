/* A translation unit that switches FORTIFY off for itself, to be linked with one that does not. */
#undef _FORTIFY_SOURCE
#include <stdio.h>
int report(const char *text, int number) { return fprintf(stderr, "%s: %d\n", text, number); }
