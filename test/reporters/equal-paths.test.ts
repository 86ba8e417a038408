import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-paths-'));
for (const name of ['build-a', 'build-b']) {
  mkdirSync(join(folder, name));
  const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-nopie-bare');
  copyFileSync(sample, join(folder, name, 'tool'));
}
const run = hullcheckIn(folder);

describe('files of two folders with one path are distinguished', () => {
  for (const [format, names] of [
    ['markdown', /^`\/tool` \((build-[ab])\)$/gm],
    ['github', /^::error .*::\/tool \((build-[ab])\): /gm],
    ['gitlab', /"description":"\/tool \((build-[ab])\): [^"]*canary/g],
    ['junit', /classname="\/tool \((build-[ab])\)" name="stack-protector"/g],
  ] as const)
    it(format, () => {
      const { stdout } = run(['build-a', 'build-b', '-o', format]);
      const found = [...stdout.matchAll(names)].map(([, name]) => name);
      assert.deepEqual(found.toSorted(), ['build-a', 'build-b'], stdout);
    });

  it('and what is scanned alone, or is a file itself, has no other name', () => {
    assert.match(run(['build-a', '-o', 'markdown']).stdout, /^`\/tool`$/m);
    const { stdout } = run(['build-a/tool', 'build-b/tool', '-o', 'markdown']);
    assert.match(stdout, /^`build-b\/tool`$/m);
  });
});

describe('each finding of a file has the command that fixes all of them', () => {
  const whole = /"?export CFLAGS=.*-fPIE .*-fstack-protector-strong .*LDFLAGS=.*-pie .*-z,now/;
  it('gitlab', () => {
    const issues: readonly { readonly description: string; readonly check_name: string }[] =
      JSON.parse(run(['build-a', '-o', 'gitlab']).stdout);
    const fixes = issues
      .filter(({ check_name: name }) => ['pie', 'relro', 'stack-protector'].includes(name))
      .map(({ description }) => /Fix: .*/.exec(description)?.[0] ?? '');
    assert.equal(fixes.length, 3);
    assert.equal(new Set(fixes).size, 1, fixes.join('\n'));
    assert.match(fixes[0] ?? '', whole);
  });

  it('junit', () => {
    const { stdout } = run(['build-a', '-o', 'junit']);
    const fixes = [...stdout.matchAll(/^fix: (.*)<\/failure>/gm)].map(([, fix]) => fix);
    assert.equal(fixes.length, 4);
    assert.equal(new Set(fixes).size, 1, fixes.join('\n'));
    assert.match(fixes[0] ?? '', whole);
  });
});

describe('--toolchain', () => {
  it('takes the name of the distribution that abuild belongs to', () => {
    const [alpine, abuild] = ['alpine', 'abuild'].map(
      (name) => run(['build-a', '--toolchain', name]).stdout,
    );
    assert.match(alpine ?? '', /in APKBUILD:/);
    assert.equal(alpine, abuild);
  });
});
