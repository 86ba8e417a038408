import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { diffFormats } from '../../src/diff/formats/index.ts';
import { pageHead, pageTail } from '../../src/reporters/html/diff-assets.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Two releases: one program lost its flags, another is better; a library moved to its next version; one came, one went. */
const releases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'svc-1.0': {
    'bin/svc': 'pie-hardened',
    'bin/tool': 'pie-fortify-3',
    'bin/better': 'nopie-bare',
    'bin/gone': 'pie-cet-forced',
    'lib/libsvc.so.1.0': 'lib-hardened',
  },
  'svc-1.1': {
    'bin/svc': 'pie-default',
    'bin/tool': 'pie-fortify-2',
    'bin/better': 'pie-hardened',
    'bin/added': 'pie-execstack',
    'lib/libsvc.so.1.1': 'lib-lazy',
  },
};

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-diff-golden-'));
for (const [release, files] of Object.entries(releases))
  for (const [path, sample] of Object.entries(files)) {
    const file = join(folder, release, path);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(join(repositoryRoot, `samples/elf/x86_64-glibc-gcc-${sample}`), file);
  }

const golden = join(repositoryRoot, 'test/diff/golden');

/** UPDATE=1 writes them anew; the difference is for a reviewer. */
const update = process.env['UPDATE'] === '1';

const outputs = Object.keys(diffFormats).flatMap((format) => ['-o', `${format}=${format}.out`]);
const { status } = hullcheckIn(folder)(['diff', ...Object.keys(releases), ...outputs]);

test('a comparison of two releases of which the new one lost flags ends with exit code 1', () => {
  assert.equal(status, 1);
});

for (const format of Object.keys(diffFormats))
  test(`${format} shows the comparison of two releases as in ${format}.txt`, () => {
    const written = readFileSync(join(folder, `${format}.out`), 'utf8');
    const text = withoutFixed(written);
    const place = join(golden, `${format}.txt`);
    if (update) writeFileSync(place, text);
    assert.ok(existsSync(place), `${place} is missing: UPDATE=1 writes it`);
    assert.equal(text, readFileSync(place, 'utf8'));
  });

/** The page around the data and what SARIF says of rules are the same for every comparison. */
function withoutFixed(text: string): string {
  if (text.startsWith('{"$schema"'))
    return text.replace(/"rules":\[.*\]\}\}(?=,"automation)/, '"rules":[]}}');
  return text.replace(pageHead, '').replace(pageTail, '');
}
