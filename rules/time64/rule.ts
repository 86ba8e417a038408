import {
  count,
  defineRule,
  fail,
  kindsOf,
  listed,
  notApplicable,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Times do not end in 2038',
  severity: 'low',
  securitySeverity: 3.1,
  cwe: [190],
  since: '0.2.0',
  rationale: `
On most 32-bit machines, \`time_t\` had 32 bits for decades. Its last second is 03:14:07 UTC on 19 January 2038. After it, the
time is negative or an error: certificates count as expired or not yet valid, tokens and caches never end, \`stat\` fails on
files with later times, and programs stop. A later date is enough: anyone who sets a file's time, or a system's clock, can
cause it today. Devices that are built now will still be in use.`,
  evidence: `
Undefined dynamic symbols (in an object file: of \`.symtab\`). Each function that exchanges points in time has two names in the C
library of such a machine: the old one takes or gives 32 bits (\`time\`, \`stat\`, \`localtime\`), the new one 64 (\`__time64\`,
\`__stat64_time64\` in glibc since 2.34; \`__time64\`, \`__stat_time64\` in musl since 1.2). The compiler chooses by the headers
and by \`_TIME_BITS\`. \`stat64\` has 64-bit sizes and 32-bit times. Functions of durations, and of clocks that may begin when the
system starts (\`select\`, \`nanosleep\`, \`clock_gettime\`), say nothing and are not counted. A static program does not name what
it calls.

    readelf -W --dyn-syms FILE | grep -wE 'UND (time|stat64?|localtime|__time64|__stat64_time64)'`,
  remediation: {
    gcc: 'Compile with `-D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64` against glibc 2.34 or later. A library whose interface has `time_t` or `struct stat` in it needs a new soname, and its users must be rebuilt with it.',
    clang:
      'Compile with `-D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64`; with musl 1.2 or later a rebuild is enough.',
    rustc:
      "Calls of the `libc` crate: its types have 64-bit times on musl with `RUST_LIBC_UNSTABLE_MUSL_V1_2_3=1`, and on glibc with `RUST_LIBC_UNSTABLE_GNU_TIME_BITS=64`, where the crate's version supports it.",
    debian:
      'Use Debian 13 (trixie) or later on armhf and armel: it was rebuilt with 64-bit times. Its i386 was not, on purpose: that machine is kept for old programs.',
    alpine: 'Use Alpine 3.13 or later, whose musl 1.2 has 64-bit times alone.',
  },
  references: [
    'https://sourceware.org/glibc/manual/latest/html_node/64_002dbit-time-symbol-handling.html',
    'https://musl.libc.org/time64.html',
    'https://wiki.debian.org/ReleaseGoals/64bit-time',
  ],
  exempt: {
    ...notPrograms,
    loader: 'a dynamic loader has the functions of time of its C library',
    ...kindsOf(['kernel-code'], 'the kernel has times of its own'),
  },
  samples: {
    pass: ['i386-glibc-gcc-pie-time64', 'arm-glibc-gcc-pie-time64'],
    fail: ['i386-glibc-gcc-pie-time32', 'arm-glibc-gcc-pie-time32', 'i386-glibc-gcc-lib-timemixed'],
    unknown: ['i386-musl-gcc-staticpie-strong-stripped'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened', 'i386-glibc-gcc-pie-hardened'],
  },
  needs: ['timeCalls', 'libc', 'machine'],
  degree({ timeCalls }) {
    if (timeCalls === null || timeCalls.narrow.length === 0) return null;
    return { faults: [...timeCalls.narrow] };
  },
  check({ timeCalls, libc, machine }) {
    if (timeCalls === null) return notApplicable(`time_t has 64 bits on ${machine.name}`);
    if (libc.how === 'itself') return notApplicable('it is a part of the C library itself');
    if (libc.name === 'bionic')
      return notApplicable('32-bit Android has no 64-bit times that a program could use');
    const { narrow, wide, seenIn } = timeCalls;
    if (seenIn === null)
      return libc.name === 'none'
        ? unknown('it takes the time from the kernel by itself, which no name shows')
        : unknown('it is linked statically, and does not name the functions of time that it calls');
    if (narrow.length + wide.length === 0)
      return notApplicable('it calls no function that exchanges points in time');
    if (libc.name !== 'glibc' && libc.name !== 'musl')
      return unknown('the names of its C library do not show how many bits its times have');
    const evidence = [...narrow, ...wide]
      .slice(0, 8)
      .map((name) => ({ what: 'undefined symbol', saw: name }));
    if (narrow.length === 0) return pass(`its times have 64 bits: ${listed(wide)}`, evidence);
    const calls = `${count(narrow.length, 'function')} of 32-bit times: ${listed(narrow)}`;
    return wide.length === 0
      ? fail(`it calls ${calls}`, evidence)
      : fail(`a part of it calls ${calls}; others have 64 bits (${listed(wide)})`, evidence);
  },
});
