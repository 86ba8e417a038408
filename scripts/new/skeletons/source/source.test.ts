import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultLimits } from '../../../../src/base/limits.ts';
import { isNameOfInput } from '../../../../src/sources/input/all-sources.ts';
import { expandReferences } from '../../../../src/sources/input/expand-references.ts';
import { tarOf } from '../../../../test/sources/image-builder.ts';
import { openAll, writeFile, writeFolder } from '../../../../test/sources/workbench.ts';

const scheme = 'skeleton-name';
const file = await tarOf([
  { name: `${scheme}.json`, body: '{ "name": "tool", "version": "1.0" }' },
  { name: 'bin/tool', body: 'tool' },
]);

describe(scheme, () => {
  it('is recognised by its content, and called what it calls itself', async (t) => {
    const { targets, walks } = await openAll(writeFile(t, file, 'picture.jpg'));
    assert.deepEqual(
      targets.map((target) => [target.scheme, target.kind, target.name]),
      [[scheme, 'package', 'tool 1.0']],
    );
    assert.ok(walks[0]?.[0]?.paths.includes('bin/tool'));
  });

  it('is one target of each in a folder of them', async (t) => {
    const folder = writeFolder(
      t,
      new Map([
        ['one', file],
        ['two', file],
      ]),
    );
    const found = await expandReferences([folder], defaultLimits);
    assert.deepEqual(
      found.toSorted(),
      ['one', 'two'].map((name) => join(folder, name)),
    );
  });

  it('is damaged where it is cut', async (t) => {
    const { walks } = await openAll(writeFile(t, file.subarray(0, 1600)));
    assert.ok(walks[0]?.[0]?.damage !== null);
  });

  it('is not looked for in a registry where it is not here', async () => {
    assert.ok(await isNameOfInput(`tool.${scheme}`));
  });
});
