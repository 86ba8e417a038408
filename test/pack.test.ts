import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'pack-test-'));
after(() => rmSync(folder, { recursive: true }));

function run(program: string, words: readonly string[], cwd = repositoryRoot): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** `prepare` would compile once more, beside these tests that were compiled just now. */
const packWords = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
const isBuilt = existsSync(join(repositoryRoot, 'dist/src/cli.js'));

describe('the package', { timeout: 120_000, skip: isBuilt ? false : 'needs npm run build' }, () => {
  const [packed] = isBuilt ? JSON.parse(run('npm', packWords)) : [];

  it('holds the program and its documents, and nothing of its making', () => {
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path);
    for (const path of ['dist/src/cli.js', 'dist/src/index.d.ts', 'dist/rules/pie.js', 'LICENSE'])
      assert.ok(paths.includes(path), path);
    const foreign = paths.filter((path) =>
      /(^|\/)(test|bench|fuzz|scripts|samples|node_modules)\/|\.test\.|^dist-|^\./.test(path),
    );
    assert.deepEqual(foreign, []);
  });

  it('is the same bytes each time', () => {
    const [again] = JSON.parse(run('npm', packWords));
    assert.equal(again.shasum, packed.shasum);
  });

  it('runs where it is installed, with its declared dependencies', () => {
    const place = join(folder, 'lib/node_modules');
    mkdirSync(place, { recursive: true });
    run('tar', ['-xzf', join(folder, packed.filename), '-C', place]);
    symlinkSync(join(repositoryRoot, 'node_modules'), join(place, 'package/node_modules'));
    const program = join(folder, 'hullcheck');
    symlinkSync(join(place, 'package/dist/src/cli.js'), program);
    assert.match(run(process.execPath, [program, '--version'], folder), /^hullcheck \d/);
    const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
    assert.match(run(process.execPath, [program, sample, '--no-cache'], folder), /GATE HOLDS/);
  });
});
