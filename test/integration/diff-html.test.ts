import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { known } from '../../src/base/fact.ts';
import type { Compared } from '../../src/diff/formats/diff-format.ts';
import html from '../../src/diff/formats/html.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { closeWatched, openFile, startBrowser } from '../support/browser.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { compared, plainDiffLook } from '../support/reports/render-diff.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-diff-'));
const browser = await startBrowser();
after(() => browser.close());

function pageOf(found: Compared, name: string): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, [...html.render(found, plainDiffLook)].join(''));
  return pathToFileURL(path).href;
}

const old = report([
  target({
    name: 'app:1',
    binaries: [
      binary({ path: '/bin/a', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] }),
      binary({ path: '/bin/b', verdicts: [verdict({ rule: 'pie', severity: 'medium' })] }),
      binary({ path: '/bin/gone', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] }),
    ],
  }),
]);
const fresh = report([
  target({
    name: 'app:2',
    binaries: [
      binary({ path: '/bin/a', verdicts: [verdict({ rule: 'pie', severity: 'high' })] }),
      binary({ path: '/bin/b', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] }),
      ...Array.from({ length: 1000 }, (_, index) =>
        binary({
          path: `/opt/new-${index}`,
          sha256: index.toString(16).padStart(64, '0'),
          verdicts: [verdict({ rule: index % 2 === 0 ? 'relro' : 'pie', severity: 'low' })],
        }),
      ),
    ],
  }),
]);
const url = pageOf(compared(old, fresh), 'diff');

const paths = (page: Page) => page.locator('#list .path').allTextContents();

test('the page shows the result, and first what became worse', async () => {
  const watched = await openFile(browser, url);
  const { page } = watched;
  assert.equal(await page.locator('h1').textContent(), 'Worse');
  assert.deepEqual(await page.locator('.number strong').allTextContents(), [
    '1,001',
    '1',
    '0',
    '0',
    '0',
    '1,000',
    '1',
    '0',
  ]);
  assert.equal((await paths(page))[0], '/bin/a');
  assert.match((await page.locator('#list tbody tr').first().textContent()) ?? '', /pass.*high/);
  assert.match((await page.locator('#coverage').textContent()) ?? '', /pie66\.7% → 0\.2%/);
  await closeWatched(watched, url);
});

test('tabs, filters and search leave what they name, and the address brings it back', async () => {
  const watched = await openFile(browser, url);
  const { page } = watched;
  assert.equal((await paths(page)).length, 300);
  await page.locator('#more').click();
  assert.equal((await paths(page)).length, 600);
  await page.locator('#filter-rule').selectOption('pie');
  assert.equal(await page.locator('#shown').textContent(), '501 of 1,001');
  await page.locator('#search').fill('new-99');
  assert.deepEqual(await paths(page), [
    '/opt/new-99',
    '/opt/new-991',
    '/opt/new-993',
    '/opt/new-995',
    '/opt/new-997',
    '/opt/new-999',
  ]);
  const address = page.url();
  await page.locator('#clear').click();
  await page.locator('#tab-removed').click();
  assert.deepEqual(await paths(page), ['/bin/gone']);
  await page.keyboard.press('ArrowLeft');
  assert.equal((await paths(page)).length, 300);
  assert.equal(await page.locator('#tab-added').getAttribute('aria-selected'), 'true');
  await page.locator('.number').nth(1).click();
  assert.deepEqual(await paths(page), ['/bin/b']);
  await closeWatched(watched, url);
  const second = await openFile(browser, address);
  assert.equal((await paths(second.page)).length, 6);
  assert.equal(await second.page.locator('#search').inputValue(), 'new-99');
  assert.equal(await second.page.locator('#filter-rule').inputValue(), 'pie');
  await closeWatched(second, address);
});

test('hostile names are text in a diff: none acts, none is markup', async () => {
  const side = (outcome: 'pass' | 'fail', extra: string) =>
    report([
      target({
        name: '<img src=x onerror=alert(1)>',
        binaries: Object.values(hostileNames).flatMap((name) => [
          binary({ path: name, verdicts: [verdict({ rule: 'pie', outcome, message: name })] }),
          binary({ path: `${name}${extra}`, sha256: (extra === 'old' ? 'a' : 'b').repeat(64) }),
        ]),
        problems: [{ kind: 'damaged', where: '<svg onload=alert(4)>', message: '<b>x</b>' }],
      }),
    ]);
  const hostileUrl = pageOf(compared(side('pass', 'old'), side('fail', 'new')), 'hostile');
  const watched = await openFile(browser, hostileUrl);
  const { page } = watched;
  for (const tab of ['worse', 'added', 'removed']) {
    await page.locator(`#tab-${tab}`).click();
    assert.ok((await paths(page)).length > 25, tab);
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069\u200b\u001b]/);
    assert.equal(await page.locator('main :is(img, i, iframe, svg:not(.bar))').count(), 0);
  }
  await closeWatched(watched, hostileUrl);
});

test('what others made is a row a component, closed until it is clicked; what counts is in the list', async () => {
  const side = (outcome: 'pass' | 'fail') => {
    const facts = factsWith({
      ownership: known({
        whose: 'distribution' as const,
        because: 'a test says so',
        component: {
          ecosystem: 'deb' as const,
          name: '<b>python3</b>',
          version: '1',
          purl: 'pkg:deb/python3',
          group: '<b>python3</b>',
        },
      }),
    });
    const others = Array.from({ length: 40 }, (_, index) =>
      binary({
        path: `/usr/lib/${index}.so`,
        facts,
        verdicts: [verdict({ rule: 'pie', outcome })],
      }),
    );
    const mine = binary({ path: '/mine', verdicts: [verdict({ rule: 'pie', outcome })] });
    return report([target({ binaries: [mine, ...others] })], 'high', plainPolicy({ of: 'yours' }));
  };
  const difference = compared(side('pass'), side('fail'));
  const folded = pageOf(difference, 'folded');
  const watched = await openFile(browser, folded);
  const { page } = watched;
  assert.deepEqual(await paths(page), ['/mine']);
  const summary = page.locator('#list .folded > summary');
  assert.deepEqual(await summary.allInnerTexts(), ['Distribution <b>python3</b> 1 pie 40']);
  await summary.click();
  await page.locator('#list .folded table').waitFor();
  assert.equal((await paths(page)).length, 41);
  await page.locator('#search').fill('/39.so');
  assert.deepEqual(await paths(page), ['/usr/lib/39.so']);
  await closeWatched(watched, folded);
});

test('two alike, and two that were not read, have pages too', async () => {
  const alike = pageOf(compared(old, old), 'alike');
  const watched = await openFile(browser, alike);
  assert.equal(await watched.page.locator('h1').textContent(), 'Nothing became worse');
  assert.equal(await watched.page.locator('#nothing').textContent(), 'There is none.');
  await closeWatched(watched, alike);
  const empty = pageOf(compared(report([]), report([])), 'empty');
  const second = await openFile(browser, empty);
  assert.equal(await second.page.locator('h1').textContent(), 'Nothing became worse');
  await closeWatched(second, empty);
});

test('nothing of a diff is wider than a phone, and paper has every list', async () => {
  const watched = await openFile(browser, url, { viewport: { width: 390, height: 844 } });
  const { page } = watched;
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.ok(await page.locator('#changes').isHidden());
  assert.deepEqual(await page.locator('#printout h2').allTextContents(), [
    'Worse: 1,001 changes',
    'Better: 1 change',
    'Added: 1,000 changes',
    'Removed: 1 change',
  ]);
  await closeWatched(watched, url);
});

test('both sides of a verdict stand next to each other, with what they rest on, below their causes', async () => {
  const side = (name: string, outcome: 'pass' | 'fail', saw: string) =>
    report([
      target({
        name,
        binaries: ['/bin/a', '/bin/b', '/bin/c', '/bin/d'].map((path) =>
          binary({
            path,
            sha256: path
              .charCodeAt(5)
              .toString(16)
              .padStart(64, outcome === 'pass' ? '0' : 'f'),
            verdicts: [
              verdict({
                rule: 'relro',
                outcome,
                message: `${saw} is there`,
                evidence: [{ what: 'PT_GNU_RELRO', saw, offset: 64n }],
              }),
            ],
          }),
        ),
      }),
    ]);
  const sidesUrl = pageOf(
    compared(side('app:1', 'pass', 'full'), side('app:2', 'fail', '<i>none</i>')),
    'sides',
  );
  const watched = await openFile(browser, sidesUrl);
  const { page } = watched;
  const row = page.locator('#list tbody tr').first();
  assert.equal(
    await page.locator('#list th').allTextContents().then(String),
    'Rule,Binary,Old,New',
  );
  assert.match(
    (await row.locator('.side-old').innerText()).replace(/\s+/g, ' '),
    /full is there PT_GNU_RELRO: full at 0x40/,
  );
  assert.match(
    (await row.locator('.side-new').innerText()).replace(/\s+/g, ' '),
    /<i>none<\/i> is there PT_GNU_RELRO: <i>none<\/i> at 0x40/,
  );
  assert.match(
    (await page.locator('#causes li').first().innerText()).replace(/\s+/g, ' '),
    /high: relro -Wl,-z,relro was lost in 4 files: .*4 verdicts: \/bin\/a, \/bin\/b, \/bin\/c and 1 more/,
  );
  await page.locator('.cause-rule').first().click();
  assert.equal(await page.locator('#filter-rule').inputValue(), 'relro');
  await closeWatched(watched, sidesUrl);
});
