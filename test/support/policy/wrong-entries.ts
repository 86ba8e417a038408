import type { WrittenFile } from './wrong-settings.ts';

const digest = 'ab'.repeat(32);

/** Waivers, overrides, dependencies and owners that accept too little or too much. */
export const wrongEntries: readonly WrittenFile[] = [
  ['waivers that are not a list', 'waivers: all', 'error 1:10 expected a list of waivers'],
  ['a waiver that is a word', 'waivers: [pie]', 'error 1:11 expected settings (rule'],
  ['a waiver without a rule', 'waivers:\n  - path: /a\n    reason: x', 'error 2:5 rule'],
  [
    'a waiver without a reason',
    'waivers:\n  - rule: pie\n    path: /a',
    'error 2:5 reason is missing',
  ],
  [
    'a waiver of a rule in capitals',
    'waivers:\n  - {rule: PIE, path: /a, reason: x}',
    'error 2:12 did you mean pie?',
  ],
  [
    'a waiver with rule for its file',
    'waivers:\n  - {rule: pie, file: /a, reason: x}',
    'error 2:17 there is no setting "file" here',
    'warning 2:5 accepts all findings of the rule',
  ],
  [
    'a waiver of an owner whom nobody sees',
    'waivers:\n  - {rule: pie, path: /a, reason: known, expires: 2027-01-01, owner: "\\u200b"}',
    'error 2:70 is blank',
  ],
  [
    'a waiver with a blank reason',
    'waivers:\n  - {rule: pie, path: /a, reason: " "}',
    'error 2:35 expected a sentence',
  ],
  [
    'a waiver of every file',
    'waivers:\n  - {rule: pie, reason: x}',
    'warning 2:5 accepts all findings of the rule',
  ],
  [
    'a waiver twice',
    'waivers:\n  - {rule: pie, path: /a, reason: x}\n  - {path: [/a], rule: pie, reason: y}',
    'warning 3:5 the same waiver as in line 2',
  ],
  [
    'two waivers of one rule',
    'waivers:\n  - {rule: pie, path: /a, reason: x}\n  - {rule: pie, path: /b, reason: x}',
  ],
  [
    'an end in the past',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2020-01-01}',
    'warning 2:47 ended on 2020-01-01',
  ],
  ['an end of today', 'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2026-11-30}'],
  [
    'an end that never comes',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 9999-12-31}',
    'warning 2:47 more than 5 years away',
  ],
  [
    'a day that there is not',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2027-02-30}',
    'error 2:47 is not a date such as',
  ],
  [
    'a month that there is not',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2027-13-01}',
    'error 2:47 is not a date such as',
  ],
  [
    'a date without its zeros',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2027-1-5}',
    'error 2:47 is not a date such as',
  ],
  [
    'a date of another country',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 31.12.2027}',
    'error 2:47 is not a date such as',
  ],
  [
    'a date and a time',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2027-01-31T00:00:00Z}',
    'error 2:47 is not a date such as',
  ],
  [
    'a year as an end',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: 2027}',
    'error 2:47 2027 is not allowed here',
  ],
  [
    'never as an end',
    'waivers:\n  - {rule: pie, path: /a, reason: x, expires: never}',
    'error 2:47 is not a date such as',
  ],
  [
    'an end that is empty',
    'waivers:\n  - rule: pie\n    path: /a\n    reason: x\n    expires:',
    'error 5:13 an empty value',
  ],
  [
    'a digest of 63 digits',
    `waivers:\n  - {rule: pie, reason: x, digest: ${digest.slice(1)}}`,
    'error 2:36 it has 63 hexadecimal digits',
  ],
  ['a digest in capitals', `waivers:\n  - {rule: pie, reason: x, digest: ${digest.toUpperCase()}}`],
  ['a digest with sha256:', `waivers:\n  - {rule: pie, reason: x, digest: "sha256:${digest}"}`],
  [
    'a digest of another kind',
    'waivers:\n  - {rule: pie, reason: x, digest: "md5:0123456789abcdef0123456789abcdef"}',
    'error 2:36 is not a sha256',
  ],
  [
    'a digest of figures alone',
    `waivers:\n  - {rule: pie, reason: x, digest: ${'1'.repeat(64)}}`,
    'error 2:36 put it in quotes',
  ],
  [
    'a build ID that is not one',
    'waivers:\n  - {rule: pie, reason: x, build-id: xyz}',
    'warning 2:38 is not a build ID',
  ],
  [
    'a build ID of figures alone',
    'waivers:\n  - {rule: pie, reason: x, build-id: 1234567890}',
    'error 2:38 put it in quotes, "1234567890"',
  ],
  [
    'a build ID that YAML takes for a number',
    'waivers:\n  - {rule: pie, reason: x, build-id: 12e40}',
    'error 2:38 put it in quotes, "12e40"',
  ],
  ['a build ID in capitals', `waivers:\n  - {rule: pie, reason: x, build-id: ${'AB'.repeat(20)}}`],
  [
    'a build ID of Go',
    'waivers:\n  - {rule: pie, reason: x, build-id: kYp5cVC_Vh3GVVVqlmQN/5cVC_Vh3GVVVqlmQNxyz}',
  ],
  [
    'a layer that there is not',
    'waivers:\n  - {rule: pie, reason: x, layer: top}',
    'error 2:35 expected one of base, own',
  ],
  [
    'a kind that there is not',
    'waivers:\n  - {rule: pie, reason: x, kind: library}',
    'error 2:34 "library" is not',
  ],
  [
    'a kind in capitals',
    'waivers:\n  - {rule: pie, reason: x, kind: Executable}',
    'error 2:34 did you mean executable?',
  ],
  [
    'an owner that there is not',
    'waivers:\n  - {rule: pie, reason: x, whose: vendor}',
    'error 2:35 expected one of yours',
  ],
  ['paths in one text', 'waivers:\n  - {rule: pie, reason: x, path: "/a, /b c"}'],
  [
    'an override that is not a list',
    'overrides:\n  path: /a\n  rules: {pie: low}',
    'error 2:3 expected a list of overrides: write a dash in front',
  ],
  ['an override without rules', 'overrides:\n  - path: /a', 'error 2:5 rules is missing'],
  [
    'an override of nothing',
    'overrides:\n  - path: /a\n    rules: {}',
    'warning 3:12 sets no level',
  ],
  [
    'an override of every file',
    'overrides:\n  - rules: {pie: low}',
    'warning 2:5 this override is for every file',
  ],
  [
    'an override that switches off in silence',
    'overrides:\n  - path: /a\n    rules: {pie: off}',
    'warning 3:18 pie is off without a reason',
  ],
  [
    'an override twice',
    'overrides:\n  - {path: /a, rules: {pie: low}}\n  - {path: /a, rules: {pie: high}}',
    'warning 3:5 the same override as in line 2',
  ],
  [
    'an override with a level of its own',
    'overrides:\n  - {path: /a, level: low}',
    'error 2:16 there is no setting "level" here',
    'error 2:5 rules is missing',
  ],
  [
    'a dependency without a place',
    'dependencies:\n  - {name: node, reason: x}',
    'error 2:5 needs a path, a digest or a package',
  ],
  [
    'a dependency without a name',
    'dependencies:\n  - {path: /a, reason: x}',
    'error 2:5 name is missing',
  ],
  [
    'a version that is a number',
    'dependencies:\n  - {name: node, version: 1.20, path: /a, reason: x}',
    'error 2:27 put it in quotes, "1.20"',
  ],
  [
    'a dependency twice',
    'dependencies:\n  - {name: a, path: /a, reason: x}\n  - {name: b, path: /a, reason: x}',
    'warning 3:5 the same entry as in line 2',
  ],
  ['a dependency that is a word', 'dependencies: [node]', 'error 1:16 expected settings (name'],
  [
    'an owner without a word',
    'yours:\n  - {reason: x}',
    'error 2:5 needs a package, maintainer, purl, path or digest',
  ],
  ['an owner that is not in a list', 'yours: acmed', 'error 1:8 write [ and ] around it'],
  ['an owner twice', 'yours: [acmed, acmed]', 'warning 1:16 the same entry as in line 1'],
  [
    'an owner with a letter too few',
    'yours: [{pakage: acmed}]',
    'error 1:10 did you mean package?',
  ],
  [
    'an owner that begins with a sign of YAML',
    'yours:\n  - @acme/*',
    'error 2:5 a value that begins with @ needs quotes',
  ],
  ['a digest in capitals as yours', `yours: [${digest.toUpperCase()}]`],
  [
    'images with a rule that is off in silence',
    'images:\n  - {image: a/*, rules: {pie: off}}',
    'warning 2:31 pie is off without a reason',
  ],
  [
    'images without settings',
    'images:\n  - {image: a/*}',
    'warning 2:5 sets nothing for its images',
  ],
  ['images without a name', 'images:\n  - {profile: alpine}', 'error 2:5 image is missing'],
  [
    'a waiver without its dash',
    'waivers:\n  rule: pie\n  path: /a\n  reason: x',
    'error 2:3 expected a list of waivers: write a dash in front of it',
  ],
  [
    'a waiver with sha256 for its digest',
    `waivers:\n  - {rule: pie, path: /a, reason: x, sha256: ${digest}}`,
    'error 2:38 did you mean digest?',
  ],
  [
    'a waiver with until for its end',
    'waivers:\n  - {rule: pie, path: /a, reason: x, until: 2027-01-01}',
    'error 2:38 did you mean expires?',
  ],
  [
    'a waiver with an approver',
    'waivers:\n  - {rule: pie, path: /a, reason: x, approver: alice}',
    'error 2:38 did you mean approved-by?',
  ],
];
