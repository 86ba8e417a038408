import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { compareReleases } from '../../src/diff/compare-releases.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { render } from '../support/reports/render.ts';
import { repositoryRoot } from '../support/repository.ts';

const scratch = mkdtempSync(join(tmpdir(), 'replaced-files-test-'));
after(() => rmSync(scratch, { recursive: true }));

const hardened = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
const weak = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-audit');
const script = '#!/bin/sh\nexec "$0.real" "$@"\n';

/** Contents: a sample, by its path, or text. All may be executed. */
async function release(name: string, files: Readonly<Record<string, string>>): Promise<Report> {
  const folder = join(scratch, name);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (content.startsWith(repositoryRoot)) copyFileSync(content, file);
    else writeFileSync(file, content);
    chmodSync(file, 0o755);
  }
  const report = await scan([folder], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  return readReport(await render('json', report));
}

const known = { known: rules.map(({ id }) => id), chosen: undefined };
const compare = (old: Report, fresh: Report) => compareReleases([old, fresh], plainPolicy(), known);

const old = await release('svc-1.0', { 'bin/svc': hardened, 'bin/tool': weak });

const replacements: readonly (readonly [is: string, content: string])[] = [
  ['script', script],
  ['empty file', ''],
  ['other file', 'neither a program nor a script'],
];

for (const [at, [is, content]] of replacements.entries())
  test(`a program of yours in whose place lies a file of the kind ${is} leaves the gate undecided, and that is said`, async () => {
    const fresh = await release(`svc-1.${at + 1}`, { 'bin/svc': content, 'bin/tool': weak });
    const { difference, gate } = compare(old, fresh);
    assert.equal(gate.state, 'undecided');
    assert.match(
      gate.because,
      /\/bin\/svc was a program and is an? ?(?:nother)? ?[a-z ]+ now, which is not judged/,
    );
    assert.deepEqual(
      difference.removed.map(({ path, replacedBy }) => [path, replacedBy]),
      [['/bin/svc', is]],
    );
  });

const library = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-lib-filter');

test('a static library in place of a library leaves the gate undecided, and a folder with one has a notice', async () => {
  const keep = { 'bin/tool': weak };
  const shared = await release('lib-1.0', { ...keep, 'lib/libz.so.1': library });
  const fixed = await release('lib-1.1', { ...keep, 'lib/libz.a': '!<arch>\n' });
  const { difference, gate } = compare(shared, fixed);
  assert.equal(gate.state, 'undecided');
  assert.match(gate.because, /libz\.so\.1 was a library and is a static library now/);
  assert.ok(difference.notices.some((each) => /1 static library of .* is not judged/.test(each)));
  const both = await release('lib-1.2', { ...keep, 'lib/libz.so.1': library, 'lib/libz.a': 'a' });
  assert.equal(compare(both, fixed).gate.state, 'holds', 'it was there before');
});

test('of many programs in whose place something else lies, three are named', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `bin/svc${String.fromCodePoint(97 + at)}x`);
  const all = (content: string) => Object.fromEntries(names.map((name) => [name, content]));
  const before = await release('many-1.0', { ...all(hardened), 'bin/tool': weak });
  const { gate } = compare(before, await release('many-1.1', { ...all(script), 'bin/tool': weak }));
  assert.equal(gate.because.match(/ was a program and is /g)?.length, 3);
  assert.match(gate.because, /in the place of 6 more programs or libraries lies/);
});

test('a wrapper of the same program is quiet, and one of a weaker program is worse', async () => {
  const wrapped = { 'bin/svc': script, 'bin/tool': weak };
  const same = compare(
    old,
    await release('wrapped-same', { ...wrapped, 'bin/svc.real': hardened }),
  );
  assert.deepEqual([same.gate.state, same.difference.removed], ['holds', []]);
  const other = await release('wrapped-weak', {
    ...wrapped,
    'libexec/renamed': join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-ssp-none'),
  });
  assert.equal(compare(old, other).gate.state, 'broken');
});

test('a program that is gone, and a script that was there before, say nothing', async () => {
  const gone = compare(old, await release('gone', { 'bin/tool': weak, 'bin/start': script }));
  assert.equal(gone.gate.state, 'holds');
  const before = await release('script', { 'bin/svc': script, 'bin/tool': weak });
  assert.equal(compare(before, before).gate.state, 'holds');
});

test('what a package names is not listed', async () => {
  const dpkg = 'Package: tools\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n';
  const root = await release('debian', {
    'etc/os-release': 'ID=debian\nVERSION_ID=12\n',
    'bin/svc': hardened,
    'usr/bin/packaged': script,
    'usr/local/bin/own': script,
    'var/lib/dpkg/status': dpkg,
    'var/lib/dpkg/info/tools.list': '/.\n/usr/bin/packaged\n',
    'var/lib/dpkg/info/tools.md5sums': '',
  });
  const paths = (root.targets[0]?.otherPrograms ?? []).map(({ path }) => path);
  assert.ok(paths.includes('/usr/local/bin/own'));
  assert.ok(!paths.includes('/usr/bin/packaged'));
});
