import { file, right, type WeakeningTry, waiver } from './weakened-image.ts';

const locked = /is locked.* by \.\.\/\.\.\/org\.yaml:12:\d+/;

/** What loosens settings that are locked. */
export const weakeningSettings: Readonly<Record<string, readonly WeakeningTry[]>> = {
  'by a file': [
    {
      name: 'that sets its locks anew',
      files: file('locked: []\ngate: {fail-on: none}'),
      says: locked,
    },
    {
      name: 'that locks it otherwise',
      files: file('locked: gate\ngate: {of: dependencies, fail-on: critical}'),
      says: locked,
    },
    { name: 'that requires nothing', files: file('gate: {required: false}'), says: locked },
    { name: 'that requires another rule', files: file('gate: {required: [relro]}'), says: locked },
    {
      name: 'that accepts more words',
      files: file('accept: [package-database, os-release, history]'),
      says: locked,
    },
    { name: 'that names a newer system', files: file('runs-on: {glibc: 2.36}'), says: locked },
    {
      name: 'that allows another library',
      files: file('allow: {needed: [libc.so.6, libevil.so]}'),
      says: locked,
    },
    {
      name: 'that allows it for its files',
      files: file('allow: {needed: [{names: libevil.so, path: /opt/app}]}'),
      says: locked,
    },
    { name: 'that excludes one file', files: file('exclude: /opt/app'), says: locked },
    {
      name: 'that calls its files those of others',
      files: file('dependencies: [{name: app, path: /opt/**, reason: x}]'),
      says: locked,
    },
    { name: 'that claims a package that passes', files: file('yours: [busybox]'), says: locked },
    {
      name: 'that switches a rule off for a layer',
      files: file('overrides: [{layer: base, rules: {pie: off}}]'),
      says: locked,
    },
    {
      name: 'that switches a rule off for dependencies',
      files: file('overrides: [{whose: dependency, rules: {pie: off}}]'),
      says: locked,
    },
    {
      name: 'that has an entry for its image',
      files: file('images: [{image: ghcr.io/acme/app, gate: {fail-on: critical}}]'),
      says: locked,
    },
    {
      name: 'that has an entry for every image',
      files: file('images: [{image: "**", rules: {pie: off}}]'),
      says: locked,
    },
    {
      name: 'that has an entry with another profile',
      files: file('images: [{image: "**", profile: alpine}]'),
      says: locked,
    },
    {
      name: 'that has an entry with another system',
      files: file('images: [{image: "**", runs-on: {glibc: 2.40}}]'),
      says: locked,
    },
    {
      name: 'that leaves out a word of the policy for another one',
      files: file('accept: [history]'),
      says: locked,
    },
  ],
  'by a file somewhere else': [
    {
      name: 'nearer, with root: true',
      files: file('root: true\nrules: {pie: note}'),
      says: locked,
    },
    {
      name: 'in the root of the repository',
      files: { 'hullcheck.yaml': 'rules: {pie: note}' },
      says: locked,
    },
    {
      name: 'in a repository within it',
      files: { ...file('rules: {pie: note}'), 'app/.git': 'gitdir: x' },
      says: locked,
    },
    {
      name: 'in package.json',
      files: { 'app/package.json': '{"hullcheck": {"rules": {"pie": "note"}}}' },
      says: locked,
    },
    {
      name: 'in JSON',
      files: { 'app/hullcheck.json': '{"gate": {"of": "dependencies"}, "exclude": "/opt/**"}' },
      says: locked,
    },
    {
      name: 'that another one extends',
      files: { ...file('extends: ./team.yaml'), 'app/team.yaml': 'rules: {pie: off}' },
      says: locked,
    },
    {
      name: 'behind a link',
      files: { 'app/hullcheck.yaml': '-> team.yaml', 'app/team.yaml': 'rules: {pie: off}' },
      says: locked,
    },
    {
      name: 'that --config names',
      files: { 'app/team.yaml': 'rules: {pie: off}' },
      args: { config: ['team.yaml'] },
      says: locked,
    },
    {
      name: 'that HULLCHECK_CONFIG names',
      files: { 'app/team.yaml': 'rules: {pie: off}' },
      env: { HULLCHECK_CONFIG: 'team.yaml' },
      says: locked,
    },
    {
      name: 'that --extends names on top',
      files: { 'app/team.yaml': 'rules: {pie: off}' },
      args: { extends: ['team.yaml'] },
      says: locked,
    },
    {
      name: 'an older policy with locks, which gives way',
      files: {
        ...file('extends: ./old.yaml'),
        'app/old.yaml': 'rules: {pie: note}\nlocked: rules',
      },
      says: /rules\.pie note of .*old\.yaml:1:\d+ has no effect/,
    },
    {
      name: 'that a name with a mistake hides',
      files: { 'app/hullcheck.yml': 'rules: {pie: off}' },
      says: /hullcheck\.yml is not read/,
    },
  ],
  'by an option or a variable': [
    { name: '--rule without the one that fails', args: { rule: ['relro'] }, says: locked },
    { name: '--base', args: { base: '2' }, says: locked },
    { name: '--update-baseline', args: { updateBaseline: true }, says: locked },
    {
      name: '--date that revives a waiver',
      args: { date: '2026-01-01' },
      files: waiver(`${right}, created: 2025-12-01, expires: 2026-02-01`),
      says: /^--date 2026-01-01: gate is locked by/,
    },
    {
      name: 'SOURCE_DATE_EPOCH that revives a waiver',
      env: { SOURCE_DATE_EPOCH: '1767225600' },
      files: waiver(`${right}, created: 2025-12-01, expires: 2026-02-01`),
      says: /expired on 2026-02-01/,
    },
    { name: '--coverage of nothing', args: { coverage: ['relro=0'] }, says: locked },
    { name: '--fail-on of the rule alone', args: { 'fail-on': ['pie'] }, says: locked },
    {
      name: 'a second HULLCHECK_EXTENDS that is misspelled',
      env: { HULLCHECK_EXTEND: 'team.yaml' },
      says: /HULLCHECK_EXTENDS/,
    },
  ],
};
