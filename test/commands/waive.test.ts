import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import { addWaiver, readWaiver } from '../../src/policy/config/add-waiver.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith } from '../support/policy/folder-with.ts';

const shape = configShape(
  rules.map(({ id }) => id),
  profiles.map(({ name }) => name),
);
const waiver = { rule: 'pie', path: ['/x'], reason: 'y' };
const entry = (column: number) =>
  ['- rule: pie', '  path: /x', '  reason: y']
    .map((line) => `${' '.repeat(column)}${line}\n`)
    .join('');

const texts: readonly (readonly [claim: string, before: string, after: string])[] = [
  ['nothing', '', `waivers:\n${entry(2)}`],
  ['comments alone', '# a\n', `# a\n\nwaivers:\n${entry(2)}`],
  ['other settings', 'profile: strict', `profile: strict\n\nwaivers:\n${entry(2)}`],
  [
    'a list',
    'waivers:\n  - {rule: relro, path: /a, reason: b} # c\n# d\nprofile: strict\n',
    `waivers:\n  - {rule: relro, path: /a, reason: b} # c\n${entry(2)}# d\nprofile: strict\n`,
  ],
  [
    'a list that is not indented',
    'waivers:\n- rule: relro\n  path: /a\n  reason: b\n',
    `waivers:\n- rule: relro\n  path: /a\n  reason: b\n${entry(0)}`,
  ],
  [
    'a name without a list',
    'waivers: # none\nprofile: strict\n',
    `waivers: # none\n${entry(2)}profile: strict\n`,
  ],
  [
    'limits without a list',
    'waivers:\n  expires: required # c\nprofile: strict\n',
    `waivers:\n  expires: required # c\n  entries:\n${entry(4)}profile: strict\n`,
  ],
  [
    'limits with a name',
    'waivers:\n  entries:\n  owner: required\n',
    `waivers:\n  entries:\n${entry(4)}  owner: required\n`,
  ],
  [
    'limits with a list',
    'waivers:\n  entries:\n    - {rule: relro, path: /a, reason: b} # c\n  owner: required # d\n',
    `waivers:\n  entries:\n    - {rule: relro, path: /a, reason: b} # c\n${entry(4)}  owner: required # d\n`,
  ],
  [
    'lines of Windows',
    'profile: strict\r\n',
    `profile: strict\r\n\nwaivers:\n${entry(2)}`.replace(/\r?\n/g, '\r\n'),
  ],
];

for (const [claim, before, after] of texts)
  test(`a waiver is added to ${claim}, and nothing else changes`, () => {
    assert.equal(addWaiver(before, 'hullcheck.yaml', waiver, shape), after);
    const [last] = readConfig(after, 'hullcheck.yaml', shape)?.waivers?.slice(-1) ?? [];
    assert.deepEqual(last?.value, waiver);
  });

test('JSON keeps its order and its indentation', () => {
  const before =
    '{\n\t"profile": "strict",\n\t"waivers": {\n\t\t"expires": "required"\n\t},\n\t"exclude": []\n}\n';
  const after = addWaiver(before, 'hullcheck.json', waiver, shape);
  assert.equal(
    after,
    '{\n\t"profile": "strict",\n\t"waivers": {\n\t\t"expires": "required",\n\t\t"entries": [\n\t\t\t{\n\t\t\t\t"rule": "pie",\n\t\t\t\t"path": "/x",\n\t\t\t\t"reason": "y"\n\t\t\t}\n\t\t]\n\t},\n\t"exclude": []\n}\n',
  );
});

test('what cannot be added to is refused, without a place in a text that nobody has', () => {
  for (const text of [
    'waivers: [{rule: relro, path: /a, reason: b}]\n',
    'waivers: {expires: required}\n',
    'profile: strict\n...\n',
  ])
    assert.throws(
      () => addWaiver(text, 'hullcheck.yaml', waiver, shape),
      (error) => error instanceof UsageError && !/yaml:\d/.test(error.message),
      text,
    );
});

test('a mistake is said of the option that it was given by', () => {
  const given = {
    rule: { from: '--rule', values: ['pie'] },
    reason: { from: '--reason', values: ['x'] },
  };
  for (const [more, want] of [
    [{ digest: { from: '--digest', values: ['abc'] } }, /^--digest: "abc" is not a sha256/],
    [{ path: { from: '--path', values: ['/a', '/b['] } }, /^--path: .*has a \[ without its \]/],
    [
      { reason: { from: '--reason', values: [' '] } },
      /^--reason: " " is (?:blank|not allowed here)/,
    ],
    [{ owner: { from: '--owner', values: [''] } }, /^--owner: /],
  ] as const)
    assert.throws(
      () => readWaiver({ ...given, ...more }, shape),
      (error) => error instanceof UsageError && want.test(error.message),
    );
});

test('waive takes rules, places and people, and refuses what makes no sense', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-waive-'));
  const run = hullcheckIn(folder);
  const reason = ['--reason', 'x'];
  const table: readonly (readonly [argv: readonly string[], want: RegExp])[] = [
    [['waive', ...reason, '--path', '/x'], /waive: name a rule/],
    [['waive', 'pie', ...reason], /waive: say which findings are accepted with --image, --path/],
    [['waive', 'pie', ...reason, '--everywhere', '--path', '/x'], /--everywhere is for every file/],
    [
      ['waive', 'pie', ...reason, '--path', '/x', '--expires', '2020-01-01'],
      /2020-01-01, which has passed/,
    ],
    [['waive', 'pie', ...reason, '--path', '/x', '--expires', '2030-02-30'], /expected a date/],
    [['waive', 'pie', ...reason, '--path', '/x', '--created', '9999-01-01'], /is to come/],
    [
      ['waive', 'pie', '--reason', ' ', '--path', '/x'],
      /--reason: " " is (?:blank|not allowed here)/,
    ],
    [['waive', 'pie', ...reason, '--digest', 'abc'], /--digest: "abc" is not a sha256/],
  ];
  for (const [argv, want] of table) {
    const { status, stderr } = run(argv);
    assert.equal(status, 2, stderr);
    assert.match(stderr, want);
    assert.doesNotMatch(stderr, /yaml:\d/);
  }
  const argv = [
    'waive',
    'pie',
    '--rule',
    'relro',
    '--image',
    'acme/*',
    '--owner',
    'team-x',
    '--ticket',
    'SEC-9',
  ];
  const approved = ['--approved-by', 'alice', '--approved-by', 'bob', '--created', '2026-01-02'];
  const { status, stderr } = run([...argv, ...approved, ...reason, '--expires', '9999-12-31']);
  assert.equal(status, 0, stderr);
  assert.equal(
    readFileSync(join(folder, 'hullcheck.yaml'), 'utf8'),
    'waivers:\n  - rules:\n      - pie\n      - relro\n    image: acme/*\n    reason: x\n    owner: team-x\n    approved-by:\n      - alice\n      - bob\n    ticket: SEC-9\n    created: 2026-01-02\n    expires: 9999-12-31\n',
  );
  writeFileSync(join(folder, 'hullcheck.yaml'), '');
  assert.equal(run(['waive', 'pie', ...reason, '--everywhere']).status, 0);
  assert.match(
    readFileSync(join(folder, 'hullcheck.yaml'), 'utf8'),
    /^waivers:\n {2}- rule: pie\n {4}path: "\*\*"\n {4}reason: x\n {4}created: \d{4}-\d\d-\d\d\n$/,
  );
});

const within = ['--image', 'acme/app', '--expires', '30d', '--owner', 'team-x'];
const limits = 'waivers: {expires: required, at-most: 90d, owner: required, select: image}\n';
const beyond: readonly (readonly [
  claim: string,
  policy: string,
  argv: readonly string[],
  want: RegExp | null,
])[] = [
  ['without what they require', limits, [], /it has no end; it has no owner; it names no image/],
  [
    'for longer than they allow',
    limits,
    [...within.with(3, '400d')],
    /400 days, at most 90 \(limits at org\.yaml:1\)/,
  ],
  ['within them', limits, within, null],
  ['under a lock of waivers', 'locked: waivers\n', within, /waivers is locked .*by org\.yaml:1/],
];

for (const [claim, policy, argv, want] of beyond)
  test(`waive ${want === null ? 'writes' : 'refuses, and does not write,'} a waiver ${claim}, in whichever file the limits are`, () => {
    for (const [text, env] of [
      ['profile: auto\n', { HULLCHECK_EXTENDS: 'org.yaml' }],
      ['extends: org.yaml\n', {}],
    ] as const) {
      const folder = folderWith({ 'org.yaml': policy, 'hullcheck.yaml': text });
      const args = ['waive', 'pie', '--path', '/x', '--reason', 'y', ...argv];
      const { status, stderr } = hullcheckIn(folder)(args, env);
      const after = readFileSync(join(folder, 'hullcheck.yaml'), 'utf8');
      assert.equal(status, want === null ? 0 : 2, stderr);
      if (want !== null) assert.match(stderr, want);
      assert.equal(after === text, want !== null);
    }
  });
