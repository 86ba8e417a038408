import { EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import linking from './linking.ts';
import { undefinedNames } from './search/symbol-names.ts';

/** Functions of the C library that a 32-bit file exchanges times with. */
export interface TimeCalls {
  /** Take or give points in time of 32 bits, which end on 2038-01-19: `time`, `stat`, `__xstat64`. Sorted. */
  readonly narrow: readonly string[];
  /** The same with 64 bits, by the names of glibc since 2.34 and of musl since 1.2: `__time64`, `__stat_time64`. Sorted. */
  readonly wide: readonly string[];
  /** null: a static program, which does not name what it calls. */
  readonly seenIn: 'undefined symbols' | null;
}

/**
 * null for a machine where time_t has had 64 bits from the start: all of 64 bits, x32, and those that Linux took in after
 * 5.1 (riscv32, arc, loongarch32; glibc, sysdeps/unix/sysv/linux/<machine>/bits/timesize.h).
 */
export default factExtractor('tables', (elf): TimeCalls | null => {
  if (!hadNarrowTime(elf)) return null;
  if (linking(elf).how === 'static') return { narrow: [], wide: [], seenIn: null };
  const names = [...undefinedNames(elf)];
  return {
    narrow: names.filter((name) => narrow.has(name)).toSorted(),
    wide: names.filter((name) => wide.has(name)).toSorted(),
    seenIn: 'undefined symbols',
  };
});

const machines: ReadonlySet<number> = new Set([
  EM.I386,
  EM.ARM,
  EM.MIPS,
  EM.PPC,
  EM.SPARC,
  EM.SPARC32PLUS,
  EM.S390,
  EM.SH,
  EM.M68K,
  EM.PARISC,
  EM.MICROBLAZE,
]);

function hadNarrowTime({ header: { bits, machine } }: Elf): boolean {
  return bits === 32 && machines.has(machine);
}

/**
 * Functions that exchange points in time. Those of durations and of clocks that may begin at the start of the system are
 * left out: `select`, `nanosleep`, `clock_gettime` say nothing of 2038.
 */
const ofTime = [
  'adjtime',
  'clock_settime',
  'ctime',
  'ctime_r',
  'difftime',
  'ftime',
  'futimens',
  'futimes',
  'futimesat',
  'gettimeofday',
  'gmtime',
  'gmtime_r',
  'localtime',
  'localtime_r',
  'lutimes',
  'mktime',
  'mq_timedreceive',
  'mq_timedsend',
  'pthread_mutex_timedlock',
  'pthread_rwlock_timedrdlock',
  'pthread_rwlock_timedwrlock',
  'sem_timedwait',
  'settimeofday',
  'stime',
  'time',
  'timegm',
  'timelocal',
  'timespec_get',
  'utime',
  'utimensat',
  'utimes',
];
const ofFiles = ['stat', 'lstat', 'fstat', 'fstatat', 'ftw', 'nftw'];

/** The first argument of these, before glibc 2.33, is the version of the structure. */
const versioned = ['__xstat', '__lxstat', '__fxstat', '__fxstatat'];

/** With 64-bit sizes of files alone, the times in the structure have 32 bits. */
const narrow: ReadonlySet<string> = new Set([
  ...ofTime,
  ...[...ofFiles, ...versioned].flatMap((name) => [name, `${name}64`]),
]);

const wide: ReadonlySet<string> = new Set([
  ...ofTime.flatMap((name) => {
    const stem = name.replace(/_r$/, '');
    return [`__${stem}64${name.slice(stem.length)}`, `__${name}_time64`];
  }),
  ...ofFiles.flatMap((name) => [`__${name}_time64`, `__${name}64_time64`]),
]);
