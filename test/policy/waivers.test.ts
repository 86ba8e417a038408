import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { plainPolicy, type Waiver } from '../../src/policy/policy.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const image = target({
  namedBy: 'content',
  binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie' })] })],
});
const waiver = (given: Partial<Waiver>): Waiver => ({
  rules: ['pie'],
  where: {},
  reason: 'ticket 1',
  expires: null,
  origin: 'c.yaml:7',
  causes: [],
  ...given,
});
const policyWith = (given: Partial<Waiver>) => ({
  ...plainPolicy(),
  today: '2026-11-23',
  waivers: [waiver(given)],
});

test('a waiver says what it needs', () => {
  const table = [
    { given: {}, want: [] },
    { given: { expires: '2030-01-01' }, want: [] },
    {
      given: { expires: '2026-12-07' },
      want: ['the waiver of pie at c.yaml:7 expires after 2026-12-07: it hides 1 finding'],
    },
    { given: { expires: '2026-12-08' }, want: [] },
    {
      given: { expires: '2026-11-23' },
      want: ['the waiver of pie at c.yaml:7 expires after 2026-11-23: it hides 1 finding'],
    },
    {
      given: { expires: '2026-11-22' },
      want: ['the waiver of pie at c.yaml:7 expired on 2026-11-22: 1 finding counts again'],
    },
    {
      given: { expires: '2020-01-01', where: { path: ['/b'] } },
      want: ['the waiver of pie at c.yaml:7 expired on 2020-01-01: it would match nothing'],
    },
    {
      given: { where: { path: ['/b'] } },
      want: [
        'the waiver of pie at c.yaml:7 accepts nothing here: if it is for another image, name that image in it',
      ],
    },
    {
      given: { where: { path: ['/b'], image: ['app'] } },
      want: ['the waiver of pie at c.yaml:7 matches no finding: it can be removed'],
    },
    {
      given: { where: { path: ['app/a'] } },
      want: [
        'the waiver of pie at c.yaml:7 accepts nothing here: paths begin with a slash: did you mean /app/a',
      ],
    },
    {
      given: { rules: ['relro'], where: { image: ['app'] } },
      // Nothing was asked of it.
      want: [],
    },
  ];
  for (const { given, want } of table)
    assert.deepEqual(applyPolicy([image], policyWith(given)).policy.notices, want);
});

test('what is waived is shown with its reason where all is shown, and counted where it is not', async () => {
  const judged = report([image], 'high', policyWith({ expires: '2030-01-01' }));
  for (const format of ['text', 'csv', 'junit', 'sarif'])
    assert.match(
      await render(format, judged, { all: true, suppressions: true }),
      /ticket 1/,
      format,
    );
  assert.match(
    await render('json', judged),
    /"waived":\{"reason":"ticket 1","expires":"2030-01-01","origin":"c\.yaml:7"\}/,
  );
  assert.match(await render('text', judged), /1 finding waived; --all shows them/);
  assert.match(await render('markdown', judged), /1 finding waived/);
});

test('every format that people read says what the policy needs', async () => {
  const judged = report([image], 'high', policyWith({ expires: '2026-11-22' }));
  for (const format of ['text', 'markdown', 'github', 'sarif', 'json', 'jsonl'])
    assert.match(
      (await render(format, judged)).replace(/\s+/g, ' '),
      /expired on 2026-11-22/,
      format,
    );
});
