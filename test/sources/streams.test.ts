import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { moduleUrl } from '../support/program.ts';
import { json, tarOf, tarOfFiles } from './image-builder.ts';
import { elf, image, layoutFiles, root } from './input-samples.ts';
import { folder, openAll } from './workbench.ts';

const script = `
import { openTarget } from ${json(moduleUrl('src/sources/input/find-source').href)};
import { defaultLimits } from ${json(moduleUrl('src/base/limits').href)};
const source = await openTarget(process.argv[1], { platform: null, limits: defaultLimits });
for (const { name, scheme, layers } of source.targets)
  for (const layer of layers)
    for await (const { path } of layer.entries(() => {})) console.log(name, scheme, path);
await source.close();
`;

const streams: readonly {
  readonly name: string;
  readonly input: Buffer;
  readonly want: string;
  readonly reference?: string;
}[] = [
  {
    name: 'a compressed tar',
    input: gzipSync(await tarOf(root)),
    want: '- rootfs ./\n- rootfs ./etc/passwd\n',
  },
  { name: 'an image', input: await tarOfFiles(layoutFiles), want: '- oci-archive app\n' },
  {
    name: 'an image chosen by its digest',
    input: await tarOfFiles(layoutFiles),
    reference: `oci-archive:-@${image.digest}`,
    want: '- oci-archive app\n',
  },
  { name: 'an ELF file', input: elf, want: '- file -\n' },
];

for (const { name, input, want, reference = '-' } of streams) {
  test(`${name} is read from standard input`, () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, reference],
      {
        input,
      },
    );
    assert.deepEqual([stdout.toString(), stderr.toString()], [want, '']);
  });
}

test('a FIFO that the user names is read as a stream', { timeout: 300_000 }, async (t) => {
  const path = join(folder(t), 'fifo');
  execFileSync('mkfifo', [path]);
  const writing = writeFile(path, gzipSync(await tarOf(root)));
  const { walks } = await openAll(path);
  await writing;
  assert.deepEqual(walks[0]?.[0]?.paths, ['./', './etc/passwd']);
});
