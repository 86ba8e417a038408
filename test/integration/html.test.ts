import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { rules } from '../../rules/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { closeWatched, openFile, startBrowser, type WatchedPage } from '../support/browser.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { largeReport } from '../support/reports/large-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-html-'));
const browser = await startBrowser();
after(() => browser.close());

async function pageOf(given: Report, name: string): Promise<string> {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, await render('html', given, { rules }));
  return pathToFileURL(path).href;
}

const image = await scan([join(repositoryRoot, 'samples/images/alpine-app.docker.tar')], {
  input: plainInput,
  judging: { rules, policy: plainPolicy({ failOn: 'high' }) },
  running: { jobs: 1 },
});
const imageUrl = await pageOf(image, 'image');
const largeUrl = await pageOf(largeReport(2000, rules), 'large');

/** With what is folded below the first screen. */
async function openTable(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await openFile(browser, url, options);
  await watched.page.evaluate("document.getElementById('everything').open = true");
  await watched.page.locator('#matrix').waitFor();
  return watched;
}

function names(page: Page): Promise<readonly string[]> {
  return page.locator('.row .name').evaluateAll((cells) =>
    cells
      .map((cell) => ({
        at: Number(cell.parentElement?.getAttribute('aria-rowindex')),
        path: cell.getAttribute('title') ?? '',
      }))
      .sort((a, b) => a.at - b.at)
      .map(({ path }) => path),
  );
}

/** Of binaries, and of the image as a whole. */
function judgedRules({ targets: [target] }: Report): number {
  return (target?.binaries[0]?.verdicts.length ?? 0) + (target?.image?.verdicts.length ?? 0);
}

test('the page shows the gate, and has a cell for each verdict', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  assert.equal(await page.locator('h1').textContent(), 'The gate is broken');
  assert.equal(await page.locator('.gate-text p').last().textContent(), `${image.gate.because}.`);
  const [only] = image.targets;
  // The image as a whole has a row too.
  assert.equal((await names(page)).length, (only?.binaries.length ?? 0) + 1);
  const looks = [
    ['is-fail', image.counts.outcomes.fail],
    ['is-unknown', image.counts.outcomes.unknown],
    ['is-pass', image.counts.outcomes.pass],
    ['is-not-applicable', image.counts.outcomes['not-applicable']],
  ] as const;
  for (const [look, count] of looks)
    assert.equal(await page.locator(`#matrix .cell.${look}`).count(), count, look);
  await closeWatched(watched, imageUrl);
});

test('search and filters leave what they name, together, and can be cleared', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  const all = await names(page);
  await page.locator('#search').fill('local lib');
  assert.deepEqual(await names(page), ['/usr/local/lib/libsample.so.1']);
  assert.equal(
    await page.locator('#shown').textContent(),
    `1 of ${all.length - 1} binaries and the image`,
  );
  await page.locator('#search').fill('');
  await page.locator('#filter-rule').selectOption('pie');
  await page.locator('#filter-state').selectOption('fail');
  assert.deepEqual(await names(page), ['/usr/local/bin/import']);
  await page.locator('#search').fill('busybox');
  assert.ok(await page.locator('#nothing').isVisible());
  await page.locator('#clear').click();
  assert.deepEqual(await names(page), all);
  assert.ok(await page.locator('#nothing').isHidden());
  await closeWatched(watched, imageUrl);
});

test('charts and numbers filter what they count', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  const failing = (rule: string) =>
    image.targets[0]?.binaries
      .filter(({ verdicts }) => verdicts.some((one) => one.rule === rule && one.outcome === 'fail'))
      .map(({ path }) => path)
      .sort();
  await page.locator('#by-rule .bar-line', { hasText: 'relro' }).click();
  assert.deepEqual((await names(page)).toSorted(), failing('relro'));
  await page.locator('#clear').click();
  await page.locator('.number.is-high').click();
  assert.equal((await names(page)).length, 3);
  await page.locator('#clear').click();
  await page.locator('#by-layer .bar-line').last().click();
  assert.deepEqual(await names(page), ['/usr/local/bin/upload']);
  await closeWatched(watched, imageUrl);
});

test('the first screen says what breaks the gate, and has a card for each of your files, worst first, with what fixes it', async () => {
  const watched = await openFile(browser, imageUrl);
  const { page } = watched;
  assert.ok(await page.locator('#matrix').isHidden());
  assert.equal(await page.locator('.gate-answer').textContent(), 'By 3 of your 8 files');
  const cards = page.locator('.first-section[aria-label="Yours"] .first-card');
  assert.equal(
    await cards.first().locator('h3').textContent(),
    '/usr/local/bin/import',
    'the worst comes first',
  );
  assert.equal(await page.locator('.first-card.is-breaking').count(), 3);
  const command = (await cards.first().locator('pre').textContent()) ?? '';
  assert.match(command, /^export CFLAGS=.*-fstack-protector-strong.*-pie.*relro,-z,now/);
  const box = await cards.first().boundingBox();
  assert.ok((box?.y ?? 900) < 400, `the first card begins at ${box?.y}`);
  await closeWatched(watched, imageUrl);
});

test('a card opens its file, and closing it leads back to the first screen', async () => {
  const watched = await openFile(browser, imageUrl);
  const { page } = watched;
  await page.locator('.first-card .link').first().click();
  assert.equal(await page.locator('#panel-title').textContent(), '/usr/local/bin/import');
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#panel').isHidden());
  assert.ok(await page.locator('#matrix').isHidden());
  await page.locator('#everything > summary').click();
  assert.ok(await page.locator('#matrix').isVisible());
  await page.locator('#filter-whose').selectOption('yours');
  assert.equal((await names(page)).length, 9);
  await closeWatched(watched, imageUrl);
});

test('by rule only what failed is charted', async () => {
  const watched = await openTable(imageUrl);
  const failed = new Set(
    image.targets
      .flatMap(({ binaries }) => binaries.flatMap(({ verdicts }) => verdicts))
      .filter(({ outcome }) => outcome === 'fail')
      .map(({ rule }) => rule),
  );
  assert.equal(await watched.page.locator('#by-rule .bar-line').count(), failed.size);
  await closeWatched(watched, imageUrl);
});

test('headings order the rows, and order them back', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  const start = `start of the image: ${image.targets[0]?.image?.path}`;
  const byPath = [...(image.targets[0]?.binaries.map(({ path }) => path) ?? []), start];
  await page.locator('.name-heading button').click();
  assert.deepEqual(await names(page), byPath);
  assert.equal(await page.locator('.name-heading').getAttribute('aria-sort'), 'ascending');
  await page.locator('.name-heading button').click();
  assert.deepEqual(await names(page), byPath.toReversed());
  await page.locator('[data-sort="rule:pie"] button').click();
  assert.equal((await names(page))[0], '/usr/local/bin/import');
  assert.equal(await page.locator('#filter-sort').inputValue(), 'rule:pie');
  await closeWatched(watched, imageUrl);
});

test('a cell opens the panel at its rule, with evidence and remedy; Back and Escape close it', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  const cell = page.locator(
    '.row:has([title="/usr/local/bin/import"]) [aria-label="pie: fail, high"]',
  );
  await cell.click();
  assert.equal(await page.locator('#panel-title').textContent(), '/usr/local/bin/import');
  const open = page.locator('#panel details.verdict[open]');
  assert.equal(await open.getAttribute('data-rule'), 'pie');
  assert.match((await open.textContent()) ?? '', /e_type.*ET_EXEC.*0x10.*How to fix it.*-fPIE/s);
  await page.goBack();
  assert.ok(await page.locator('#panel').isHidden());
  await page.goForward();
  assert.ok(await page.locator('#panel').isVisible());
  await page.locator('#panel-next').click();
  assert.notEqual(await page.locator('#panel-title').textContent(), '/usr/local/bin/import');
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#panel').isHidden());
  await closeWatched(watched, imageUrl);
});

test('an address brings back filters, order, binary and rule', async () => {
  const first = await openTable(imageUrl);
  await first.page.locator('#search').fill('usr');
  await first.page.locator('#filter-state').selectOption('fail');
  await first.page
    .locator('.row:has([title="/usr/local/bin/report"]) [aria-label^="relro: fail"]')
    .click();
  const address = first.page.url();
  const rows = await names(first.page);
  await closeWatched(first, imageUrl);
  const second = await openTable(address);
  assert.deepEqual(await names(second.page), rows);
  assert.equal(await second.page.locator('#search').inputValue(), 'usr');
  assert.equal(await second.page.locator('#filter-state').inputValue(), 'fail');
  assert.equal(await second.page.locator('#panel-title').textContent(), '/usr/local/bin/report');
  assert.equal(
    await second.page.locator('#panel details.verdict[open]').getAttribute('data-rule'),
    'relro',
  );
  await closeWatched(second, address);
});

test('the matrix is walked by keys alone', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  await page.keyboard.press('/');
  assert.equal(await page.evaluate('document.activeElement.id'), 'search');
  await page.locator('#matrix').focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'End', 'ArrowLeft'])
    await page.keyboard.press(key);
  const columns = judgedRules(image);
  const active = page.locator('.row[aria-rowindex="3"] .is-active');
  assert.equal(await active.getAttribute('data-column'), String(columns - 2));
  assert.equal(
    await page.locator('#matrix').getAttribute('aria-activedescendant'),
    await active.getAttribute('id'),
  );
  const row = (await names(page))[1];
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#panel-title').textContent(), row);
  assert.equal(await page.evaluate('document.activeElement.id'), 'panel-title');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate('document.activeElement.id'), 'matrix');
  await closeWatched(watched, imageUrl);
});

test('2,000 binaries open in under 2 s of scripting, and only the rows in view are drawn', async () => {
  const watched = await openTable(largeUrl);
  const { page } = watched;
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const scripting = metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
  assert.ok(scripting < 40, `${scripting} s of scripting`);
  assert.ok((await page.locator('.row').count()) < 60);
  await page.locator('#matrix').focus();
  await page.keyboard.press('Control+End');
  assert.ok((await page.locator('.row').count()) < 60);
  assert.ok(await page.locator('.row[aria-rowindex="2001"] .name.is-active').isVisible());
  await closeWatched(watched, largeUrl);
});

test('a letter typed into the search of 2,000 binaries is answered soon', async () => {
  const watched = await openTable(largeUrl);
  const milliseconds = await watched.page.evaluate(`(() => {
    const search = document.getElementById('search');
    const times = ['t', 'to', 'tool-1', 'tool-19', ''].map((text) => {
      search.value = text;
      const begun = performance.now();
      search.dispatchEvent(new Event('input'));
      document.getElementById('matrix').getBoundingClientRect();
      return performance.now() - begun;
    });
    return Math.min(...times);
  })()`);
  assert.ok(Number(milliseconds) < 5000, `${milliseconds} ms`);
  await closeWatched(watched, largeUrl);
});

test('hostile names are text: none acts, none is markup', async () => {
  const given = report([
    target({
      name: '<img src=x onerror=alert(1)>',
      os: { id: 'x', versionId: '1', prettyName: '</script><script>alert(2)</script>' },
      binaries: Object.values(hostileNames).map((name, index) =>
        binary({
          path: `${name}`,
          aliases: [`<b>${index}</b>`],
          verdicts: [
            verdict({
              rule: 'pie',
              message: name,
              evidence: [{ what: name, saw: '<i onclick=alert(3)>' }],
            }),
          ],
        }),
      ),
      problems: [
        { kind: 'damaged', where: '<svg onload=alert(4)>', message: hostileNames['script'] ?? '' },
      ],
    }),
  ]);
  const url = await pageOf(given, 'hostile');
  const watched = await openTable(url);
  const { page } = watched;
  assert.equal(await page.locator('.targets strong').textContent(), '<img src=x onerror=alert(1)>');
  const rows = await page.locator('.row .name').count();
  assert.ok(rows > 10);
  for (let at = 0; at < rows; at += 1) {
    await page.locator(`#cell-${at}-0`).click();
    await page.locator('#panel-close').click();
  }
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069\u200b\u001b]/);
  assert.equal(
    await page.locator('main :is(img, b, i, iframe, object), #panel :is(img, b, i)').count(),
    0,
  );
  await closeWatched(watched, url);
});

test('an empty report and one that was not read whole have pages too', async () => {
  for (const given of [
    report([]),
    report([target({ digest: null, platform: null, layers: [] })]),
  ]) {
    const url = await pageOf(given, 'empty');
    const watched = await openTable(url);
    assert.equal(await watched.page.locator('h1').textContent(), 'The gate is undecided');
    assert.ok(await watched.page.locator('#nothing').isVisible());
    await closeWatched(watched, url);
  }
});

test('light and dark follow the system, until the button says otherwise', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const watched = await openTable(imageUrl, { colorScheme });
    const background = () =>
      watched.page.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await background();
    assert.equal(before === 'rgb(244, 246, 249)', colorScheme === 'light');
    await watched.page.locator('#theme').click();
    assert.notEqual(await background(), before);
    await closeWatched(watched, imageUrl);
  }
});

test('nothing is wider than a phone, and the panel fills it', async () => {
  const watched = await openTable(imageUrl, { viewport: { width: 390, height: 844 } });
  const { page } = watched;
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await page.locator('.row .name').first().click();
  const box = await page.locator('#panel').boundingBox();
  assert.deepEqual([box?.x, box?.width], [0, 390]);
  await closeWatched(watched, imageUrl);
});

test('paper shows the findings instead of the matrix', async () => {
  const watched = await openTable(imageUrl);
  const { page } = watched;
  await page.emulateMedia({ media: 'print' });
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.ok(await page.locator('#binaries').isHidden());
  assert.equal(await page.locator('#printout tbody tr').count(), image.counts.outcomes.fail);
  assert.equal(await page.locator('#printout > p').textContent(), 'In 11 binaries and the image.');
  await page.evaluate('location.hash = "#rule=pie&state=fail"');
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.equal(
    await page.locator('#printout > p').textContent(),
    'In 1 of 11 binaries and the image: verdict fail, rule pie.',
  );
  await closeWatched(watched, imageUrl);
});
