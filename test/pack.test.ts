import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cyclonedxRefuses } from './support/reports/cyclonedx-schema.ts';
import { repositoryRoot } from './support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'pack-test-'));
after(() => rmSync(folder, { recursive: true }));

function run(program: string, words: readonly string[], cwd = repositoryRoot): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** `prepare` would compile once more, while these tests run that were compiled just now. */
const packWords = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
const modules = join(repositoryRoot, 'dist/src/cli.js');
assert.ok(existsSync(modules), 'npm run build comes first');
const [packed] = JSON.parse(run('npm', packWords));

/** As npm installs it: the package alone. */
const place = join(folder, 'lib/node_modules/hullcheck');
mkdirSync(place, { recursive: true });
run('tar', ['-xzf', join(folder, packed.filename), '-C', place, '--strip-components=1']);
const program = join(folder, 'hullcheck');
symlinkSync(join(place, manifest.bin.hullcheck), program);
const hullcheck = (...words: string[]) => run(process.execPath, [program, ...words], folder);

describe('the package', { timeout: 300_000 }, () => {
  it('holds the program and its documents, and nothing of its making', () => {
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path);
    const wanted = ['dist/bundle/cli.js', 'dist/bundle/LICENSES.txt', 'dist/src/index.d.ts'];
    for (const path of [...wanted, 'LICENSE', 'docs/rules.md'])
      assert.ok(paths.includes(path), path);
    const foreign = paths.filter((path) =>
      /(^|\/)(test|bench|fuzz|scripts|samples|node_modules)\/|\.test\.|\.map$|^dist-|^\./.test(
        path,
      ),
    );
    assert.deepEqual(foreign, []);
    const modulesBeside = paths.filter((path) => /^dist\/(src|rules)\/.*\.js$/.test(path));
    assert.deepEqual(modulesBeside, []);
  });

  it('installs nothing else and runs nothing when it is installed', () => {
    for (const name of ['dependencies', 'optionalDependencies', 'peerDependencies'])
      assert.equal(manifest[name], undefined);
    for (const name of ['preinstall', 'install', 'postinstall'])
      assert.equal(manifest.scripts[name], undefined);
  });

  it('is the same bytes each time', () => {
    const [again] = JSON.parse(run('npm', packWords));
    assert.equal(again.shasum, packed.shasum);
  });

  it('has the whole text of the license of every package that it has code of', () => {
    const licenses = readFileSync(join(place, 'dist/bundle/LICENSES.txt'), 'utf8');
    const texts = licenses.split(`${'-'.repeat(80)}\n`).slice(1);
    const names = texts.map((text) => /^(\S+) \d[^:]*: \S+/.exec(text)?.[1]);
    for (const name of ['chalk', 'elfy', 'tar-stream', 'tinypool', 'xz-decompress', 'zstddec'])
      assert.ok(names.includes(name), name);
    for (const text of texts)
      assert.match(
        text,
        /permission is hereby granted|permission to use, copy, modify|redistribution and use in source|TERMS AND CONDITIONS/i,
        text.slice(0, 80),
      );
    assert.match(licenses, /^It contains xz-embedded by Lasse Collin and Igor Pavlov/m);
  });

  it('has a bill of materials, valid by the schema of CycloneDX, that names what the licenses name', () => {
    const bill = JSON.parse(readFileSync(join(place, 'dist/bundle/bom.cdx.json'), 'utf8'));
    assert.deepEqual(cyclonedxRefuses(bill), []);
    const licenses = readFileSync(join(place, 'dist/bundle/LICENSES.txt'), 'utf8');
    const named = [...licenses.matchAll(/^(\S+) (\d\S*): /gm)].map(
      ([, name, version]) => `pkg:npm/${name}@${version}`,
    );
    const purls = bill.components.flatMap(({ purl }: { purl?: string }) => purl ?? []);
    assert.deepEqual(purls, named);
    const refs = bill.components.map((each: { 'bom-ref': string }) => each['bom-ref']);
    const used = bill.dependencies.flatMap(({ dependsOn }: { dependsOn: string[] }) => dependsOn);
    assert.deepEqual([...new Set(used)].sort(), refs.toSorted());
  });

  it('helps with the same words as its modules', () => {
    for (const words of [['--help'], ['scan', '--help'], ['rules', '-h']])
      assert.equal(hullcheck(...words), run(process.execPath, [modules, ...words], folder));
  });

  for (const [name, input] of Object.entries(inputs())) {
    it(`reports of ${name} what its modules report`, () => {
      const formats = ['json', 'html'];
      const outputs = formats.flatMap((format) => ['-o', `${format}=report.${format}`]);
      const words = [input, ...outputs, '--no-cache', '--fail-on', 'none', '-q'];
      const reports = [program, modules].map((entry) => {
        spawnSync(process.execPath, [entry, ...words], { cwd: folder });
        return formats.map((format) => {
          const report = join(folder, `report.${format}`);
          const text = readFileSync(report, 'utf8');
          rmSync(report);
          return text;
        });
      });
      const [bundled, built] = reports;
      for (const [at, format] of formats.entries())
        assert.ok(bundled?.[at] === built?.[at], format);
    });
  }

  it('is a library too', async () => {
    const library = await import(pathToFileURL(join(place, 'dist/bundle/index.js')).href);
    const own = await import('../src/index.ts');
    assert.deepEqual(Object.keys(library), Object.keys(own));
    assert.equal(library.rules.length, own.rules.length);
  });

  it('loads plug-ins where it is not installed next to them', () => {
    const own = join(folder, 'own');
    mkdirSync(join(own, '.git'), { recursive: true });
    const rule =
      "{ id: 'acme/x', title: 't', severity: 'low', remediation: 'r', needs: ['needed'], check: ({ needed }) => pass('needs ' + needed) }";
    writeFileSync(
      join(own, 'x.mjs'),
      `import { defineRule, pass } from 'hullcheck/rule';\nexport default defineRule(${rule});\n`,
    );
    writeFileSync(join(own, 'hullcheck.yaml'), 'plugins: ./x.mjs\n');
    const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
    const words = [program, sample, '--rule', 'acme/x', '-o', 'jsonl', '--no-cache'];
    assert.match(run(process.execPath, words, own), /needs libc\.so\.6/);
  });

  it('has the reader of ELF files by itself, which loads nothing of a scan', async () => {
    const entry = join(place, 'dist/bundle/elf.js');
    const reader = await import(pathToFileURL(entry).href);
    const own = await import('../src/library/elf.ts');
    assert.deepEqual(Object.keys(reader), Object.keys(own));
    assert.doesNotMatch(readFileSync(entry, 'utf8'), /\.\/(scan|start|rules|judgement|layers)-/);
  });
});

/** Of which at least one needs every decoder, and threads: so many bytes of ELF files are not read in the main one. */
function inputs(): Readonly<Record<string, string>> {
  const samples = join(repositoryRoot, 'samples');
  const root = join(folder, 'root');
  mkdirSync(join(root, 'usr/lib'), { recursive: true });
  const sample = readFileSync(join(samples, 'elf/x86_64-glibc-gcc-pie-debug'));
  for (const at of [1, 2, 3])
    writeFileSync(join(root, `usr/lib/${at}`), Buffer.concat([sample, Buffer.alloc(at << 22, at)]));
  for (const kind of ['gzip', 'zstd', 'xz'])
    run('tar', [`--${kind}`, '-C', root, '-cf', join(folder, `root.tar.${kind}`), '.']);
  return {
    'an image': join(samples, 'images/alpine-app.oci'),
    'a directory': `dir:${root}`,
    gzip: join(folder, 'root.tar.gzip'),
    zstd: join(folder, 'root.tar.zstd'),
    xz: join(folder, 'root.tar.xz'),
  };
}
