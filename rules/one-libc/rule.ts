import {
  defineRule,
  fail,
  kindsOf,
  notApplicable,
  notStarted,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'A process has one libc',
  severity: 'medium',
  otherSeverities: ['high', 'low'],
  securitySeverity: 5.0,
  cwe: [1104],
  since: '0.1.0',
  rationale: `Two C libraries in one process each keep their own heap, locks, thread records and standard streams:
memory that one allocates and the other frees corrupts the heap, and locks do not work across them. Such a process may
seem to work and then fail. A library built for another libc than the one that serves it relies on structures that
differ in size.`,
  evidence: `The libraries that the program loads in this root (see the rule \`loadable\`), each with the libc it was built
for, by its needed libraries and symbol versions (\`readelf -d -V FILE\`).`,
  remedied: 'root',
  remediation: {
    image: 'Take the program and all its libraries from one distribution.',
    alpine: 'Install the library from apk instead of copying a glibc build of it.',
    debian: 'Install the library from apt instead of copying a musl build of it.',
  },
  references: ['https://wiki.musl-libc.org/functional-differences-from-glibc.html'],
  exempt: {
    ...notStarted,
    ...kindsOf(['static-program'], 'a static executable has the one libc that it brings'),
    ...kindsOf(['library'], 'a library is judged with the programs that load it'),
    loader: 'this file is a loader itself',
    kernel: 'the kernel uses no libc',
  },
  judgesPacked: true,
  // A bare file lies in no root: what the rule says of roots is in test/root.
  samples: {
    pass: ['alpine-app.docker.tar:/usr/local/bin/server'],
    fail: ['root-cases.tar:/usr/bin/mixed'],
    unknown: ['root-cases.tar:/usr/bin/served-by-no-loader'],
    'not-applicable': [
      'x86_64-glibc-gcc-pie-hardened',
      'alpine-app.docker.tar:/usr/local/bin/export',
    ],
  },
  needs: ['linkage', 'placement', 'libc'],
  check({ linkage, placement, libc }) {
    if (linkage.where === 'bare-file' || placement.where === 'bare-file')
      return notApplicable('there is no root filesystem to start it in');
    if ((placement.mode & 0o111) === 0) return notApplicable('no one has permission to execute it');
    const { servedBy, link, libcs } = linkage;
    if (servedBy === null || link === null)
      return linkage.interpreter?.state === 'found'
        ? unknown('it cannot be linked here: see the rule loadable')
        : notApplicable('it does not start here: see the rule loadable');
    const serving = servedBy.libc;
    const evidence = libcs.map((library) => ({ what: library.path, saw: library.libc }));
    const second = libcs.find((library) => library.itself && library.libc !== serving);
    if (second !== undefined) {
      return fail(
        `it runs on ${serving} and loads a second libc, ${second.path} (${second.libc})`,
        evidence,
        { severity: 'high' },
      );
    }
    const foreign = libcs.find((library) => library.libc !== serving);
    if (foreign !== undefined)
      return fail(
        `it runs on ${serving} and loads ${foreign.path}, which is built for ${foreign.libc}`,
        evidence,
      );
    if (link.missingLibraries.length > 0)
      return notApplicable('some of its libraries are missing: see the rule loadable');
    if (libc.name !== serving)
      return fail(`it is built for ${libc.name} and runs on ${serving}`, evidence, {
        severity: 'low',
      });
    return pass(`it and its libraries are built for ${serving}`, evidence);
  },
});
