/** Functions for which glibc (up to 2.42) has a checked variant. */
export const replaceable: ReadonlySet<string> = new Set(
  [
    'asprintf confstr dprintf explicit_bzero fdelt fgets fgets_unlocked fgetws fgetws_unlocked fprintf fread',
    'fread_unlocked fwprintf getcwd getdomainname getgroups gethostname getlogin_r gets getwd inet_ntop inet_pton',
    'longjmp mbsnrtowcs mbsrtowcs mbstowcs memcpy memmove mempcpy memset mq_open obstack_printf obstack_vprintf',
    'open open64 openat openat64 poll ppoll pread pread64 printf ptsname_r read readlink readlinkat realpath recv',
    'recvfrom snprintf sprintf stpcpy stpncpy strcat strcpy strlcat strlcpy strncat strncpy swprintf syslog',
    'ttyname_r vasprintf vdprintf vfprintf vfwprintf vprintf vsnprintf vsprintf vswprintf vsyslog vwprintf wcpcpy',
    'wcpncpy wcrtomb wcscat wcscpy wcslcat wcslcpy wcsncat wcsncpy wcsnrtombs wcsrtombs wcstombs wctomb wmemcpy',
    'wmemmove wmempcpy wmemset wprintf',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Level 2 replaces these without looking at sizes, since it also refuses `%n` in writable formats. Only formats
 * without any `%` may keep the plain call. sprintf, snprintf and their `v` forms are not among them: gcc turns a checked
 * call back into the plain one where the format is "%s" or has no `%` (gimple-fold.cc, gimple_fold_builtin_snprintf_chk).
 */
export const alwaysReplaced: ReadonlySet<string> = new Set(
  [
    'asprintf dprintf fprintf fwprintf obstack_printf obstack_vprintf printf syslog vasprintf',
    'vdprintf vfprintf vfwprintf vprintf vsyslog vwprintf wprintf',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Those that the headers for musl (fortify-headers 1.0 to 3.0) leave alone, whatever the sizes are: they deal with no format, no
 * flags of open, no addresses of networks, no jumps, no log.
 */
export const uncheckedForMusl: ReadonlySet<string> = new Set(
  [
    'asprintf dprintf fprintf fwprintf inet_ntop inet_pton longjmp mq_open obstack_printf obstack_vprintf open open64 openat',
    'openat64 printf syslog vasprintf vdprintf vfprintf vfwprintf vprintf vsyslog vwprintf wprintf',
  ]
    .join(' ')
    .split(' '),
);

/** In a static file these come from the program: glibc contains and calls many of the others itself. */
export const neverCalledByLibc: ReadonlySet<string> = new Set([
  'dprintf',
  'printf',
  'sprintf',
  'vprintf',
  'wprintf',
]);

/** Bionic checks these too. */
const bionic = new Set(
  'FD_CLR FD_ISSET FD_SET fwrite memchr memrchr pwrite send sendto strchr strlen strrchr umask write'.split(
    ' ',
  ),
);

/**
 * The function that a checked variant stands for, null for any other name. Whole names only: glibc's own
 * `__memcpy_chk_erms` is not a call, and `__stack_chk_fail` is something else.
 */
export function checkedFunction(name: string): string | null {
  // Programs import a hundred times as many others.
  if (!name.startsWith('__')) return null;
  const match =
    /^__(\w+)_chk$/.exec(name) ??
    /^____(longjmp)_chk$/.exec(name) ??
    /^__(open|open64|openat|openat64|mq_open)_2$/.exec(name) ??
    /^__(fdelt)_warn$/.exec(name);
  const base = match?.[1];
  return base !== undefined && (replaceable.has(base) || bionic.has(base)) ? base : null;
}
