/* As Syslinux links its modules: a shared library without initialisers, and symbols around what its own loader runs. */
char __ctors_start[0], __ctors_end[0], __dtors_start[0], __dtors_end[0];

extern int printf(const char *, ...);
extern char *gets(char *);

#if defined CORE
const void *const dev_stdcon_w = 0;
#elif defined DATA
extern const void *const dev_stdcon_w;
#else
static const void *dev_stdcon_w = 0;
#endif

int main(void)
{
	char line[64];

	printf("%s %p\n", gets(line), dev_stdcon_w);
	return 0;
}
