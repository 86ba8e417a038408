/**
 * Strings that end with NUL, stdio, formats and classes of characters: Rust, Go and their kind have their own, and none of
 * these is among the imports of Rust's standard library, or of any program without C that was looked at.
 */
const names: ReadonlySet<string> = new Set(
  [
    'strcpy strcat stpcpy strncpy strncat strcmp strncmp strcasecmp strncasecmp strchr strrchr strstr strtok strtok_r',
    'strdup strndup strspn strcspn strpbrk strsep atoi atol atof strtol strtoul strtoll strtoull strtod',
    '__isoc23_strtol __isoc23_strtoul qsort bsearch __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc tolower toupper',
    'printf fprintf sprintf snprintf vprintf vfprintf vsprintf vsnprintf asprintf vasprintf dprintf vdprintf puts putchar',
    'fputs fputc putc gets fgets fgetc getc getchar getline getdelim fopen fopen64 fdopen freopen fclose fread fwrite',
    'fseek ftell fflush ferror feof ungetc perror setvbuf tmpfile scanf sscanf fscanf vsscanf __isoc99_scanf',
    '__isoc99_sscanf __isoc99_fscanf __isoc23_scanf __isoc23_sscanf __isoc23_fscanf syslog wcscpy wcscat swprintf wprintf',
  ]
    .join(' ')
    .split(' '),
);

export function isCalledByC(name: string): boolean {
  return names.has(name) || (name !== '__stack_chk_fail' && /^__\w+_chk$/.test(name));
}

/** Those that write into what their first argument leads to, of a size that they are not given, or are given in addition. */
const filling: ReadonlySet<string> = new Set(
  'strcpy strcat stpcpy strncpy strncat sprintf vsprintf snprintf vsnprintf gets fgets'.split(' '),
);

export function fillsFirstArgument(name: string): boolean {
  return filling.has(name);
}

/** The checked variant replaces these wherever the destination is an array of the function itself. */
const unbounded: ReadonlySet<string> = new Set(
  'strcpy strcat stpcpy sprintf vsprintf gets'.split(' '),
);

export function isUnbounded(name: string): boolean {
  return unbounded.has(name);
}

/**
 * What the C code of Go's own packages calls: runtime/cgo, which its makers build with `-fno-stack-protector`, since it runs
 * where there is no guard yet, and the wrappers of net and os/user. It is in every program that uses one of these.
 */
const ofRuntimeCgo: ReadonlySet<string> = new Set(
  [
    'abort fprintf vfprintf fputc fwrite __fprintf_chk __vfprintf_chk stderr malloc calloc free mmap munmap nanosleep setenv',
    'unsetenv sigaction sigaddset sigemptyset sigfillset sigismember pthread_attr_destroy pthread_attr_getstack',
    'pthread_attr_getstacksize pthread_attr_init pthread_attr_setdetachstate pthread_cond_broadcast pthread_cond_wait',
    'pthread_create pthread_detach pthread_getattr_np pthread_key_create pthread_mutex_lock pthread_mutex_unlock',
    'pthread_self pthread_setspecific pthread_getspecific pthread_sigmask strerror __errno_location memset memcpy',
    // Of net and os/user.
    'getgrgid_r getgrnam_r getpwnam_r getpwuid_r getgrouplist getaddrinfo freeaddrinfo getnameinfo gai_strerror sysconf',
    'clearenv setegid seteuid setgid setgroups setregid setresgid setresuid setreuid setuid',
    'res_init res_search __res_ninit __res_nsearch __res_nclose res_ninit res_nsearch res_nclose realloc',
  ]
    .join(' ')
    .split(' '),
);

export function isOfRuntimeCgo(name: string): boolean {
  return ofRuntimeCgo.has(name);
}
