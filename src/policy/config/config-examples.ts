import { defaultLimits, type LimitOption, limitSettings } from '../../base/limits.ts';
import { shortSize } from '../../base/parse-size.ts';
import { defaultGate } from '../policy.ts';

/** What an editor shows alongside the description of a setting. */
export interface Annotation {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** By the name of a setting, as `gate.fail-on`. A test holds each value to the shape. */
export const annotations: Readonly<Record<string, Annotation>> = {
  profile: { default: 'auto', examples: ['debian', 'strict'] },
  rules: {
    examples: [
      {
        'bind-now': 'low',
        'control-flow-protection': { level: 'off', reason: 'our processors do not have it' },
      },
    ],
  },
  overrides: { examples: [[{ path: '/opt/vendor/**', rules: { 'stack-protector': 'note' } }]] },
  exclude: { examples: [['/usr/lib/debug/**'], '*.debug'] },
  images: {
    examples: [[{ image: 'ghcr.io/acme/*', gate: { of: 'dependencies', 'fail-on': 'medium' } }]],
  },
  'gate.of': { default: defaultGate.of },
  'gate.fail-on': { default: defaultGate.failOn, examples: ['medium', ['high', 'pie'], 'none'] },
  'gate.fail-on-unknown': { default: defaultGate.failOnUnknown },
  'gate.coverage': { examples: [{ pie: 100, 'stack-protector': 95 }] },
  'gate.coverage-of': { default: defaultGate.coverageOf },
  'gate.maximum': { examples: [{ medium: 10, pie: 0 }] },
  'gate.allow-empty': { default: defaultGate.allowEmpty },
  'gate.platforms': { default: 'chosen' },
  waivers: {
    examples: [
      [
        {
          rule: 'pie',
          path: '/opt/vendor/bin/tool',
          reason: 'the vendor delivers no other build, ticket 123',
          expires: '2030-12-31',
        },
      ],
    ],
  },
  dependencies: {
    examples: [
      [
        {
          name: 'node',
          version: '22.11.0',
          path: '/usr/local/bin/node',
          reason: 'the build of nodejs.org',
        },
      ],
    ],
  },
  yours: { examples: [['acmed', '*@acme.example', 'pkg:npm/@acme/*', '/opt/acme/**']] },
  baseline: { examples: ['hullcheck-baseline.json'] },
  extends: { examples: ['../policy/org.yaml'] },
  'runs-on': { examples: [{ glibc: '2.31', kernel: '5.10', cpu: 'x86-64-v2' }] },
  'allow.needed': {
    examples: [['libc.so.6', 'libm.so.6', { names: 'libssl.so.*', path: '/opt/acme/**' }]],
  },
  'allow.exports': { examples: [[{ names: ['acme_*'], kind: 'shared-library' }]] },
  'deny.imports': {
    examples: [['gets', { names: ['system', 'popen'], reason: 'no shell is started' }]],
  },
  root: { default: false },
  locked: { examples: [['gate', 'rules.pie'], 'all'] },
  'limits.jobs': { examples: [4] },
  ...limitAnnotations(),
};

function limitAnnotations(): Readonly<Record<string, Annotation>> {
  // Names of a registry, which Object.entries loses.
  const options = Object.keys(limitSettings) as readonly LimitOption[];
  return Object.fromEntries(
    options.map((option) => {
      const { limit, form } = limitSettings[option];
      const value = defaultLimits[limit];
      return [
        `limits.${option}`,
        { default: form === 'size' && typeof value === 'number' ? shortSize(value) : value },
      ];
    }),
  );
}
