import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { defaultLimits } from '../../src/base/limits.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import { makeTree, tool, workFolder } from '../support/archives/real-images.ts';
import { paxHeader, tarEntry, tarOf } from '../support/archives/tar-builder.ts';

after(() => rmSync(workFolder, { recursive: true, force: true }));

/** cap_net_raw+ep, as setcap writes it (VFS_CAP_REVISION_2). */
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');

async function capabilitiesIn(path: string): Promise<Readonly<Record<string, string>>> {
  const source = await openTarget(path, { platform: null, limits: defaultLimits });
  const found: Record<string, string> = {};
  for await (const entry of source.targets[0]?.layers[0]?.entries(() => {}) ?? [])
    if (entry.capability !== null) found[entry.path] = entry.capability.toString('hex');
  await source.close();
  return found;
}

it('squashfs: file capabilities, those that several files share too', async () => {
  const capable = (name: string) => [
    paxHeader({ 'SCHILY.xattr.security.capability': capability }),
    tarEntry({ name, mode: 0o755 }, name),
  ];
  const tar = tarOf(...['a', 'b', 'c'].flatMap(capable), tarEntry({ name: 'd' }, 'd'));
  const path = join(workFolder, 'capable.squashfs');
  tool('sqfstar', ['-quiet', '-no-progress', path], tar);
  const hex = capability.toString('hex');
  assert.deepEqual(await capabilitiesIn(path), { a: hex, b: hex, c: hex });
});

const values = join(workFolder, 'capability');
writeFileSync(values, capability);
const root = makeTree();

for (const [name, words] of [
  ['in the inode', ['-I', '256']],
  ['in a block', ['-I', '128']],
  ['next to inline data', ['-I', '512', '-O', 'inline_data']],
] as const) {
  it(`ext4: file capabilities ${name}`, async () => {
    const path = join(workFolder, `capable-${name.length}.ext4`);
    tool('mke2fs', ['-q', '-F', '-d', root, ...words, path, '40M']);
    for (const file of ['bin/tool', 'etc/small'])
      tool('debugfs', ['-w', '-R', `ea_set -f ${values} /${file} security.capability`, path]);
    const hex = capability.toString('hex');
    assert.deepEqual(await capabilitiesIn(path), {
      'bin/tool': hex,
      'bin/tool-by-another-name': hex,
      'etc/small': hex,
    });
  });
}

it('ext4: a journal that was not replayed is a problem, and the files are read', async () => {
  const path = join(workFolder, 'journal.ext4');
  tool('mke2fs', ['-q', '-F', '-t', 'ext4', '-d', root, path, '40M']);
  tool('debugfs', ['-w', '-R', 'feature needs_recovery', path]);
  const source = await openTarget(path, { platform: null, limits: defaultLimits });
  const problems: string[] = [];
  let count = 0;
  for await (const _ of source.targets[0]?.layers[0]?.entries(({ message }) =>
    problems.push(message),
  ) ?? [])
    count += 1;
  await source.close();
  assert.match(problems.join(), /the journal was not replayed/);
  assert.ok(count > 700);
});

it('ext4: a feature that is not known is named and refused', async () => {
  const path = join(workFolder, 'journal-device');
  tool('mke2fs', ['-q', '-F', '-O', 'journal_dev', path, '4M']);
  const source = await openTarget(path, { platform: null, limits: defaultLimits });
  const walk = source.targets[0]?.layers[0]?.entries(() => {});
  await assert.rejects(async () => {
    for await (const _ of walk ?? []);
  }, /the ext file system uses journal_dev, which is not read/);
  await source.close();
});
