import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { reporters } from '../../src/reporters/index.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { render } from '../support/reports/render.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

test('a saved report renders in every format as the report itself', async () => {
  const saved = readReport(await render('json', sampleReport));
  for (const format of Object.keys(reporters)) {
    assert.equal(
      await render(format, saved, { all: true }),
      await render(format, sampleReport, { all: true }),
      format,
    );
  }
});

test('a report with the names of an earlier version is read as the same report', async () => {
  const saved = await render('json', {
    ...sampleReport,
    policy: {
      ...sampleReport.policy,
      fixed: [{ rule: 'pie', path: '/bin/a', how: 'fixed' }],
    },
    gate: {
      ...sampleReport.gate,
      setAside: { ...sampleReport.gate.setAside, notRequired: 2, notRequiredRules: ['pie'] },
    },
  });
  const before = saved
    .replace('"state":"undecided"', '"state":"open"')
    .replace('"how":"fixed"', '"how":"mended"')
    .replace('"notRequired":2', '"notAskedFor":2')
    .replace('"notRequiredRules"', '"notAskedForRules"');
  assert.equal(before.match(/"open"|mended|notAskedFor"|notAskedForRules/g)?.length, 4);
  assert.deepEqual(readReport(before), readReport(saved));
});

test('another document is refused with the place where it differs', async () => {
  const saved = await render('json', sampleReport);
  const table = [
    { text: '', want: /not a report of hullcheck/ },
    { text: '[]', want: /the document is \[\], expected an object/ },
    { text: 'null', want: /the document is null/ },
    { text: '{}', want: /schemaVersion is missing, expected one of 1.0.0/ },
    { text: saved.replace('"1.0.0"', '"9.0.0"'), want: /schemaVersion is "9.0.0"/ },
    {
      text: saved.replace('"name":"hullcheck"', '"name":"other"'),
      want: /tool.name is "other", expected one of hullcheck/,
    },
    {
      text: saved.replace('"path":"/bin/busybox"', '"path":7'),
      want: /targets\[0\].binaries\[0\].path is 7, expected a string/,
    },
    {
      text: saved.replace('"outcome":"fail"', '"outcome":"bad"'),
      want: /verdicts\[0\].outcome is "bad", expected one of fail, unknown, pass, not-applicable/,
    },
    {
      text: saved.replace('"0x1d8"', '"472"'),
      want: /offset is "472", expected a hexadecimal number/,
    },
    { text: saved.replace('"state":"undecided"', '"state":"ajar"'), want: /gate.state is "ajar"/ },
  ];
  for (const { text, want } of table) {
    assert.throws(
      () => readReport(text),
      (error) => error instanceof UsageError && want.test(error.message),
      text.slice(0, 60),
    );
  }
});

test('a report cut anywhere is refused', async () => {
  const saved = (await render('json', sampleReport)).trimEnd();
  for (let length = 0; length < saved.length; length += 61)
    assert.throws(() => readReport(saved.slice(0, length)), UsageError);
});
