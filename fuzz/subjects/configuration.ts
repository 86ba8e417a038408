import { isDeepStrictEqual } from 'node:util';
import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { readBaseline } from '../../src/policy/baseline/baseline-file.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { sampleReport } from '../../test/support/reports/sample-report.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { mutateJson, mutateText } from '../mutate-json.ts';
import type { Random } from '../random.ts';
import { holds, type Subject } from '../subject.ts';

const ids = rules.map(({ id }) => id);
const shape = configShape(
  ids,
  profiles.map(({ name }) => name),
);

/** Configurations and baselines: what a file says, what it means, and what that makes of a report. */
export default {
  name: 'configuration',
  make(random) {
    const origin = random.pick(['hullcheck.yaml', 'hullcheck.json', 'package.json', 'baseline']);
    return { bytes: Buffer.from(textOf(origin, random)), origin, isDamaged: false };
  },
  check({ bytes, origin }) {
    const first = outcomeOf(bytes.toString(), origin);
    holds(isDeepStrictEqual(first, outcomeOf(bytes.toString(), origin)), () => {
      return 'the same configuration, two judgements';
    });
  },
} satisfies Subject;

function textOf(origin: string, random: Random): string {
  if (origin === 'hullcheck.yaml') {
    const text = random.oneIn(4) ? mutateText(yaml, random) : yaml;
    const bytes = Buffer.from(text);
    return mutateBytes(bytes, [wholeOf(bytes)], random).toString();
  }
  const document = origin === 'baseline' ? baseline : config;
  const changed = mutateJson(
    origin === 'package.json' ? { hullcheck: document } : document,
    random,
  );
  const text = JSON.stringify(changed) ?? '';
  return random.oneIn(4) ? mutateText(text, random) : text;
}

/** The judgement, or the sentence that refuses the file. */
function outcomeOf(text: string, origin: string): unknown {
  try {
    const plain = { today: '2026-06-01', baseline: null };
    const [profile] = profiles;
    if (profile === undefined) throw new Error('there is no profile');
    if (origin === 'baseline') {
      const policy = policyOf({}, profile, { ...plain, baseline: readBaseline(text, ids) });
      return applyPolicy(sampleReport.targets, policy);
    }
    const read = readConfig(text, origin === '' ? 'hullcheck.yaml' : origin, shape) ?? {};
    return applyPolicy(sampleReport.targets, policyOf(read, profile, plain));
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

const yaml = `
# comment
profile: alpine
rules: {pie: off, relro: critical}
overrides:
  - path: [/a/**, "/usr/{bin,lib}/*"]
    package: x*
    layer: own
    kind: shared-library
    rules:
      pie: {level: low, reason: &because "an \\u0061nchor"}
exclude: /a/**
gate:
  fail-on: [critical, pie]
  fail-on-unknown: true
  coverage: {pie: 100, stack-protector: 95.5}
  maximum: {medium: 3}
waivers:
  - rule: pie
    reason: |
      more than
      one line
    expires: 2026-06-10
    digest: ${'ab'.repeat(32)}
limits: {max-file-size: 512M, max-entries: 10, jobs: 2}
`;

const config = {
  profile: 'debian',
  rules: { pie: 'off', relro: { level: 'low', reason: 'x' } },
  overrides: [{ path: '/a/**', package: ['x', 'y*'], rules: { pie: 'note' } }],
  exclude: ['/a/**'],
  gate: { 'fail-on': ['critical'], coverage: { pie: 100 }, 'allow-empty': true },
  waivers: [{ rule: 'pie', reason: 'x', path: '/**', expires: '2026-05-01' }],
  limits: { 'max-size': '1G' },
};

const baseline = {
  type: 'hullcheck-baseline',
  version: '1',
  findings: [
    { rule: 'pie', path: '/bin/x', package: null, buildId: 'ab' },
    { rule: 'relro', path: '/bin/y', package: 'y', buildId: null },
  ],
};
