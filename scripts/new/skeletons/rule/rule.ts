import { defineRule, fail, kindsOf, notPrograms, pass } from '../../../../src/judge/rule.ts';

export default defineRule({
  title: 'The good state, as a sentence without a full stop',
  severity: 'medium',
  securitySeverity: 5.0,
  cwe: [693],
  since: '0.2.0',
  rationale: 'Why it matters, and what an attacker gains without it.',
  evidence: 'How the verdict is reached, and how to see it with `readelf`.',
  remediation: { gcc: 'Link with `-Wl,-z,example`.' },
  references: ['https://example.org/the/specification'],
  exempt: {
    ...notPrograms,
    ...kindsOf(['object', 'kernel-code'], (called) => `${called} has no dynamic section`),
  },
  samples: {
    pass: ['x86_64-glibc-gcc-pie-hardened', 'aarch64-musl-gcc-pie-alpine'],
    fail: ['x86_64-glibc-gcc-pie-audit', 'x86_64-glibc-gcc-lib-filter'],
    'not-applicable': ['x86_64-glibc-gcc-object-hardened'],
  },
  needs: ['dynamicTags'],
  check({ dynamicTags: { loads } }) {
    const evidence = loads.map(({ tag, name }) => ({ what: tag, saw: name }));
    return loads.length === 0
      ? pass('what is the case, as one sentence')
      : fail('what is wrong, as one sentence', evidence);
  },
});
