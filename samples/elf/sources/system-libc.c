/* What the programs of other systems take from their C library. */
long __stack_chk_guard[8];
void __stack_chk_fail(void) {}
char *getenv(const char *name) { return (char *)name; }
char *strcpy(char *to, const char *from) { return *to = *from, to; }
int puts(const char *text) { return *text; }
