/**
 * Names that releases of musl added to what programs can use, by release: what the objects of musl's tags v1.1.19 to v1.2.5 define for
 * x86-64 (compiled and compared on 2026-11-30, without names that begin with two underscores), and the names that its headers of 1.2.0
 * give to calls with times of 64 bits on machines of 32 bits. Later releases are not known.
 */
const additions: Readonly<Record<string, readonly string[]>> = {
  '1.1.20': ['explicit_bzero', 'getentropy', 'getrandom', 'memfd_create', 'mlock2'],
  '1.1.21': ['name_to_handle_at', 'open_by_handle_at'],
  '1.1.22': ['membarrier'],
  '1.1.24': [
    'copy_file_range',
    'posix_spawn_file_actions_addchdir_np',
    'posix_spawn_file_actions_addfchdir_np',
    'secure_getenv',
  ],
  '1.2.2': ['_Fork', 'gettid', 'reallocarray', 'tcgetwinsize', 'tcsetwinsize'],
  '1.2.3': ['pthread_getname_np', 'qsort_r'],
  '1.2.5': ['preadv2', 'pwritev2', 'statx'],
};

const releases: ReadonlyMap<string, string> = new Map(
  Object.entries(additions).flatMap(([release, names]) =>
    names.map((name) => [name, release] as const),
  ),
);

/** `__clock_gettime64`, `__stat_time64`: none is in a musl for machines of 64 bits. */
const times =
  /^__(\w+_time64|(adjtime|clock_(adjtime|gettime|settime)|ctime|difftime|ftime|gmtime|localtime|mktime|stime|time|timer_[gs]ettime|timerfd_[gs]ettime|utime)64|(ctime|gmtime|localtime)64_r)$/;

/** The release that added a name; null for older names and those of other libraries. */
export function muslReleaseOf(name: string, bits: 32 | 64): string | null {
  return releases.get(name) ?? (bits === 32 && times.test(name) ? '1.2.0' : null);
}
