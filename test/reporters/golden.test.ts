import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pageHead, pageTail } from '../../src/reporters/html/assets.ts';
import { reporters } from '../../src/reporters/index.ts';
import { render } from '../support/reports/render.ts';
import { sampleReport } from '../support/reports/sample-report.ts';
import { repositoryRoot } from '../support/repository.ts';

const golden = join(repositoryRoot, 'test/reporters/golden');

/** `npm run golden` writes them anew; the difference is for a reviewer. */
const update = process.env['UPDATE'] === '1';

for (const format of Object.keys(reporters)) {
  for (const all of [false, true]) {
    const name = `${format}${all ? '-all' : ''}.txt`;
    test(`${format} renders the sample report as in ${name}`, async () => {
      const text = withoutPage(await render(format, sampleReport, { all }));
      if (update) writeFileSync(join(golden, name), text);
      const place = join(golden, name);
      assert.ok(existsSync(place), `${place} is missing: npm run golden writes it`);
      assert.equal(text, readFileSync(place, 'utf8'));
    });
  }
}

/** The page around the data is the same for every report, and has tests of its own. */
function withoutPage(text: string): string {
  return text.replace(pageHead, '').replace(pageTail, '');
}

test('text in colours says the same', async () => {
  const colored = await render('text', sampleReport, { color: true });
  assert.match(colored, /\x1b\[31m/);
  assert.equal(colored.replace(/\x1b\[\d+m/g, ''), await render('text', sampleReport));
});

test('text fits its width, but for what must stay whole', async () => {
  for (const width of [60, 80, 120]) {
    for (const line of (await render('text', sampleReport, { width, all: true })).split('\n')) {
      assert.ok(
        line.length <= width || !line.trim().includes(' ') || /sha256:/.test(line),
        `${width}: ${line}`,
      );
    }
  }
});
