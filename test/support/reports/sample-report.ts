import { known } from '../../../src/base/fact.ts';
import { defineImageRule, defineRule, type Rule } from '../../../src/judge/rule.ts';
import type { Report } from '../../../src/report/report.ts';
import { binary, factsWith, report, target, verdict } from './report-builder.ts';

/** Two rules of binaries and one of images, with texts of every kind that a reporter shows. */
export const sampleRules: readonly Rule[] = [
  {
    id: 'pie',
    ...defineRule({
      title: 'Executables can be loaded anywhere',
      severity: 'high',
      securitySeverity: 7.5,
      cwe: [119, 1188],
      since: '0.1.0',
      rationale:
        'A fixed address is an address that an attacker knows. See `man ld`.\n\nMore of it.',
      evidence: '`e_type` is `ET_DYN`, as `readelf -h FILE` shows.',
      remediation: {
        gcc: 'Compile with `-fPIE` and link with `-pie`. Both are the default on most systems.',
        go: 'Build with `-buildmode=pie`.',
      },
      references: ['https://wiki.debian.org/Hardening'],
      exempt: { 'shared-library': 'a library is always position-independent' },
      samples: { pass: [], fail: [] },
      needs: [],
      check: () => ({ outcome: 'pass', message: '', evidence: [] }),
    }),
  },
  {
    id: 'non-executable-stack',
    ...defineRule({
      title: 'The stack is not executable',
      severity: 'critical',
      securitySeverity: 9.1,
      cwe: [119],
      since: '0.1.0',
      rationale: 'Bytes that an attacker writes to the stack run as code.',
      evidence: 'The last `PT_GNU_STACK` has no `PF_X`.',
      remediation: { gcc: 'Link with `-Wl,-z,noexecstack`.' },
      references: [],
      exempt: {},
      samples: { pass: [], fail: [] },
      needs: [],
      check: () => ({ outcome: 'pass', message: '', evidence: [] }),
    }),
  },
  {
    id: 'entrypoint-starts',
    ...defineImageRule({
      title: 'The image starts what it names',
      severity: 'high',
      securitySeverity: 5.0,
      cwe: [1104],
      since: '0.1.0',
      rationale: 'An image that does not start is found out where it is deployed.',
      evidence: 'The start is followed link by link.',
      remediation: { image: 'Name a file that the image has.' },
      references: [],
      samples: { pass: [], fail: [] },
      needs: [],
      check: () => ({ outcome: 'pass', message: '', evidence: [] }),
    }),
  },
];

const stackFlags = { what: 'PT_GNU_STACK flags', saw: 'RWE', offset: 0x1d8n };

/** An image that does not start, with each outcome, aliases, evidence, a notice and a part that was not read. */
export const sampleReport: Report = report([
  target({
    os: { id: 'alpine', versionId: '3.20.3', prettyName: 'Alpine Linux v3.20' },
    image: {
      path: '/opt/start',
      verdicts: [
        verdict({
          rule: 'entrypoint-starts',
          message:
            'it will not start: exec /opt/start: no such file or directory (/opt/start does not exist)',
          evidence: [
            { what: 'command line', saw: '"/opt/start" "--now"' },
            { what: 'user', saw: '0:0' },
          ],
        }),
      ],
    },
    binaries: [
      binary({
        path: '/bin/busybox',
        aliases: ['/bin/ls', '/bin/sh'],
        facts: factsWith({
          kind: known({ kind: 'executable', evidence: [{ what: 'e_type', saw: 'ET_DYN' }] }),
        }),
        verdicts: [
          verdict({
            rule: 'non-executable-stack',
            outcome: 'pass',
            severity: 'critical',
            message: 'the stack is not executable',
          }),
          verdict({
            rule: 'pie',
            outcome: 'pass',
            message: 'position-independent',
            evidence: [{ what: 'e_type', saw: 'ET_DYN' }],
          }),
        ],
      }),
      binary({
        path: '/usr/local/bin/app',
        sha256: 'fedcba9876543210'.repeat(4),
        verdicts: [
          verdict({
            rule: 'non-executable-stack',
            severity: 'critical',
            message:
              'the stack is executable: PT_GNU_STACK has flags RWE, and the kernel then maps it so',
            evidence: [stackFlags],
          }),
          verdict({
            rule: 'pie',
            message: 'linked at a fixed address',
            evidence: [{ what: 'e_type', saw: 'ET_EXEC' }],
          }),
        ],
      }),
      binary({
        path: '/usr/local/lib/plugin.so',
        sha256: '0011223344556677'.repeat(4),
        verdicts: [
          verdict({
            rule: 'non-executable-stack',
            outcome: 'unknown',
            severity: 'critical',
            message: 'program header 3 ends beyond the file',
          }),
          verdict({
            rule: 'pie',
            outcome: 'not-applicable',
            message: 'a library is always position-independent',
          }),
        ],
      }),
    ],
    problems: [
      { kind: 'notice', where: '/dev/null', message: 'a device was left out' },
      {
        kind: 'damaged',
        where: `layer sha256:${'cd'.repeat(32)}`,
        message: 'the archive ends in the middle of an entry',
      },
    ],
  }),
]);
