import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import type { Problem } from '../../src/base/problem.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { zipOf } from '../support/archives/archive-builder.ts';
import { tool, workFolder } from '../support/archives/real-images.ts';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { render } from '../support/reports/render.ts';
import { repositoryRoot } from '../support/repository.ts';
import { unreadSamples as allSamples, compressedSamples } from './unread-samples.ts';

const unreadSamples = allSamples.filter(({ file }) => file !== 'dmg');

after(() => rmSync(workFolder, { recursive: true, force: true }));

const good = readFileSync(
  join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-staticpie-strong-stripped'),
);

type Tree = Readonly<Record<string, Buffer>>;

async function scanned(input: string): Promise<Report> {
  return scan([input], {
    input: plainInput,
    judging: { rules, policy: plainPolicy({ failOn: 'critical' }) },
    running: { jobs: 1 },
  });
}

function written(name: string, bytes: Buffer): string {
  const path = join(workFolder, name);
  writeFileSync(path, bytes);
  return path;
}

function folderOf(name: string, tree: Tree): string {
  for (const [path, bytes] of Object.entries(tree)) {
    mkdirSync(dirname(join(workFolder, name, path)), { recursive: true });
    writeFileSync(join(workFolder, name, path), bytes);
  }
  return join(workFolder, name);
}

const members = (tree: Tree) => Object.entries(tree).map(([name, body]) => ({ name, body }));
const tarOfTree = (tree: Tree) =>
  tarOf(...Object.entries(tree).map(([name, body]) => tarEntry({ name }, body)));

function fatOf(name: string, tree: Tree): string {
  const path = written(name, Buffer.alloc(0));
  truncateSync(path, 8 * 1024 ** 2);
  tool('mkfs.vfat', [path]);
  const from = folderOf(`${name}-tree`, tree);
  tool('mcopy', ['-s', '-i', path, ...Object.keys(tree).map((file) => join(from, file)), '::']);
  return path;
}

/** One partition, of FAT. */
function diskOf(name: string, tree: Tree): string {
  const fat = readFileSync(fatOf(`${name}-fat`, tree));
  const path = written(name, Buffer.concat([Buffer.alloc(1024 ** 2), fat]));
  tool('sfdisk', ['-q', path], Buffer.from('label: dos\nstart=2048,type=c\n'));
  return path;
}

function isoOf(name: string, tree: Tree): string {
  const path = join(workFolder, name);
  tool('genisoimage', ['-quiet', '-R', '-o', path, folderOf(`${name}-tree`, tree)]);
  return path;
}

const shipped: Tree = {
  good,
  ...Object.fromEntries(
    [...unreadSamples, ...compressedSamples].map(({ file, bytes }) => [file, bytes]),
  ),
};

const outers: readonly (readonly [name: string, make: () => string])[] = [
  ['a zip', () => written('a.zip', zipOf(members(shipped)))],
  ['a tar', () => written('a.tar', tarOfTree(shipped))],
  ['a compressed tar', () => written('a.tar.gz', gzipSync(tarOfTree(shipped)))],
  ['a folder', () => folderOf('folder', shipped)],
  ['a FAT file system', () => fatOf('a.fat', shipped)],
  ['an ISO', () => isoOf('a.iso', shipped)],
  ['a disk', () => diskOf('a.disk', shipped)],
  ['a zip in a tar', () => written('b.tar', tarOfTree({ 'a.zip': zipOf(members(shipped)) }))],
  ['a tar in a zip', () => written('b.zip', zipOf([{ name: 'a.tar', body: tarOfTree(shipped) }]))],
];

describe('a container that is shipped and not read leaves the gate without an answer, and is named', () => {
  for (const [outer, make] of outers) {
    it(`in ${outer}`, async () => {
      const report = await scanned(make());
      assert.equal(exitCodeOf(report.gate), 3);
      const [target] = report.targets;
      assert.equal(target?.binaries.length, 1);
      for (const { file, bytes, name } of [...unreadSamples, ...compressedSamples]) {
        const found: Problem | undefined = target.problems.find(({ where }) =>
          where.endsWith(`/${file}`),
        );
        assert.equal(found?.kind, 'unsupported', `${file} is reported`);
        assert.ok(found.message.includes(name), `${file} is called ${name}: ${found.message}`);
        const size = Number(/ of (\d+) bytes, which is not read$/.exec(found.message)?.[1]);
        assert.ok(size > 0 && size <= bytes.length, `${file} has a size: ${found.message}`);
      }
      const text = await render('text', report, { all: true });
      const last = text.slice(text.indexOf('Not scanned'));
      for (const { file } of unreadSamples)
        assert.equal(last.split(`/${file}\n`).length, 2, `${file} is named once at the end`);
      assert.equal(text.split('Not scanned').length, 2);
    });
  }
  it('of two containers alone, the last lines name both', async () => {
    const path = written(
      'c.tar',
      tarOfTree({ 'a.xfs': shipped['xfs'] ?? good, 'b.ubi': shipped['ubi'] ?? good }),
    );
    const text = await render('text', await scanned(path));
    assert.match(
      text,
      /unsupported {2}\/a\.xfs\n.*an XFS file system of \d+ bytes, which is not read/,
    );
    assert.match(
      text,
      /unsupported {2}\/b\.ubi\n[^\n]*a UBI image[^\n]*\n {2}A file that may stay as it is: [^\n]*\n\nGATE UNDECIDED[^\n]*\n$/,
    );
  });
});

describe('a container that is not read is a counted notice where it is data', () => {
  const pick = Object.fromEntries(
    ['erofs', 'qcow2', '7z', 'uimage', 'btrfs.gz'].map((file) => [file, shipped[file] ?? good]),
  );
  const below = (folder: string): Tree =>
    Object.fromEntries(Object.entries(pick).map(([file, bytes]) => [`${folder}/${file}`, bytes]));
  const nested = { 'd.zip': zipOf(members(pick)) };
  const npm: Tree = {
    'app/node_modules/thing/package.json': Buffer.from('{"name":"thing","version":"1.2.0"}'),
  };
  const gem: Tree = { 'app/specifications/thing-1.2.0.gemspec': Buffer.from('gem') };
  const python = (packages: string): Tree => ({
    [`${packages}/thing-1.2.0.dist-info/INSTALLER`]: Buffer.from('pip\n'),
    [`${packages}/thing-1.2.0.dist-info/RECORD`]: Buffer.from(
      Object.keys(pick)
        .map((file) => `thing/${file},,\n`)
        .join(''),
    ),
    ...below(`${packages}/thing`),
  });
  const cases: readonly (readonly [name: string, tree: Tree])[] = [
    ['a root file system', { 'etc/os-release': Buffer.from('ID=x\n'), ...below('opt') }],
    ['a package in a root', { 'etc/os-release': Buffer.from('ID=x\n'), ...nested }],
    ['node_modules', { ...npm, ...below('app/node_modules/thing') }],
    ['site-packages', python('app/lib/python3/site-packages')],
    ['dist-packages', python('app/python3/dist-packages')],
    ['gems', { ...gem, ...below('app/gems/thing-1.2.0/test') }],
    ['a package in a dependency', { ...npm, 'app/node_modules/thing/d.zip': nested['d.zip'] }],
  ];
  for (const [name, tree] of cases) {
    for (const form of ['a folder', 'a tar'] as const) {
      it(`${name}, in ${form}`, async () => {
        const whole = { good, ...tree };
        const file = name.replaceAll(' ', '-');
        const report = await scanned(
          form === 'a tar' ? written(`${file}.tar`, tarOfTree(whole)) : folderOf(file, whole),
        );
        assert.equal(exitCodeOf(report.gate), 0);
        const notices = report.targets[0]?.problems.filter(({ kind }) => kind === 'notice') ?? [];
        assert.equal(notices.length, 5);
        const text = (await render('text', report)).replace(/\s+/g, ' ');
        assert.ok(text.includes('5 notices (5 files are containers of a format that is not read)'));
      });
    }
  }
  const named = ['node_modules/thing', 'site-packages/thing', 'gems/thing-1.2.0', 'gems'];
  for (const folder of named)
    it(`the name of a folder makes nothing a dependency's: ${folder}`, async () => {
      const report = await scanned(written('e.tar', tarOfTree({ good, ...below(folder) })));
      assert.equal(exitCodeOf(report.gate), 3);
    });
});
