import assert from 'node:assert/strict';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Milliseconds of one wait: Playwright's own 30 seconds are too few on a machine that is busy with other programs. */
const patience = 300_000;

/** Debian's Chromium, without anything that it does of its own accord. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    timeout: patience,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of its own, and what it should never have: messages on the console and requests beyond its file. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function openFile(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
}

/** Closes the page, and says what it should not have done. */
export async function closeWatched(
  { page, complaints, requests }: WatchedPage,
  url: string,
): Promise<void> {
  const beyond = requests.filter(
    (request) =>
      request.replace(/#.*/, '') !== url.replace(/#.*/, '') && !request.startsWith('data:'),
  );
  await page.context().close();
  assert.deepEqual(complaints, []);
  assert.deepEqual(beyond, []);
}
