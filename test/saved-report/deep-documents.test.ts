import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { readDigestOfReport } from '../../src/saved-report/read-statement.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const deep = (open: string, close: string) => open.repeat(200_000) + close.repeat(200_000);
const documents: readonly (readonly [where: string, text: string])[] = [
  ['as a whole', deep('[', ']')],
  ['in its targets', `{"schemaVersion":"1.0.0","targets":${deep('[', ']')}}`],
  ['in objects', deep('{"a":', '1}').replaceAll('1}', '}').replace(':}', ':1}')],
  ['where it ends early', '['.repeat(200_000)],
];

for (const [where, text] of documents)
  test(`a document that is nested without end ${where} is refused as report and as statement`, () => {
    assert.throws(() => readReport(text), UsageError);
    assert.throws(() => readDigestOfReport(text), UsageError);
  });

test('brackets and quotes in words of a report do not nest it', async () => {
  const words = `${'['.repeat(500)}"${'{'.repeat(500)}\\`;
  const made = report([
    target({
      binaries: [
        binary({
          path: `/${words}`,
          facts: factsWith({}),
          verdicts: [verdict({ rule: 'pie', message: words })],
        }),
      ],
    }),
  ]);
  const back = readReport(await render('json', made));
  assert.equal(back.targets[0]?.binaries[0]?.verdicts[0]?.message, words);
});
