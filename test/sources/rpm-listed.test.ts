import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import {
  listedCpioOf,
  type RpmTag,
  type RpmValues,
  rpmOf,
} from '../support/archives/archive-builder.ts';
import { mutationsOf } from '../support/mutations.ts';
import { zstdOf } from './image-builder.ts';
import { openAll, writeFile } from './workbench.ts';

const ints = (...values: number[]): RpmValues => ({ type: 'int32', values });
const strings = (...values: string[]): RpmValues => ({ type: 'strings', values });

/** Two names of one program, a library, its link and a file that is not in the payload. */
const tags: readonly RpmTag[] = [
  [1000, 'tool'],
  [1001, '1.0'],
  [1002, '1'],
  [1022, 'x86_64'],
  [1125, 'zstd'],
  [1030, { type: 'int16', values: [0o100755, 0o100755, 0o100644, 0o120777, 0o100600] }],
  [1037, ints(0, 0, 0, 0, 64)],
  [1095, ints(1, 1, 1, 1, 1)],
  [1096, ints(1, 1, 3, 4, 1)],
  [1116, ints(0, 0, 1, 1, 1)],
  [1117, strings('tool', 'tool2', 'libf.so.1', 'libf.so', 'ghost')],
  [1118, strings('/usr/bin/', '/usr/lib/')],
  [5008, { type: 'int64', values: [4, 4, 7, 9, 0] }],
];

function rpmWith(given: readonly RpmTag[], payload: Buffer): Buffer {
  return rpmOf(given, zstdOf(payload));
}

const payload = listedCpioOf([
  [0, ''],
  [1, 'tool'],
  [2, 'library'],
  [3, 'libf.so.1'],
]);

describe('an rpm whose payload has numbers instead of names', () => {
  it('is read by the list of files in its header', async (t) => {
    const { targets, walks } = await openAll(writeFile(t, rpmWith(tags, payload)));
    assert.deepEqual(
      targets.map(({ scheme, name, problems }) => [scheme, name, problems]),
      [['rpm', 'tool 1.0-1 (x86_64)', []]],
    );
    const paths = ['./usr/bin/tool2', './usr/bin/tool', './usr/lib/libf.so.1', './usr/lib/libf.so'];
    assert.deepEqual(walks, [[{ paths, problems: [], damage: null }]]);
  });

  it('has sizes of 32 bits where no file is large', async (t) => {
    const small = tags.map((tag): RpmTag => (tag[0] === 5008 ? [1028, ints(4, 4, 7, 9, 0)] : tag));
    const { walks } = await openAll(writeFile(t, rpmWith(small, payload)));
    assert.equal(walks[0]?.[0]?.paths.length, 4);
    assert.equal(walks[0]?.[0]?.damage, null);
  });

  it('is damaged where a number is in no list', async (t) => {
    const wrong = listedCpioOf([
      [2, 'library'],
      [77, 'x'],
    ]);
    const { walks } = await openAll(writeFile(t, rpmWith(tags, wrong)));
    assert.deepEqual(walks[0]?.[0]?.paths, ['./usr/lib/libf.so.1']);
    assert.match(
      String(walks[0]?.[0]?.damage),
      /names the file "0000004d", which the package does not list/,
    );
  });

  it('cut or with wrong bytes gives what is left or its own error', async (t) => {
    for (const each of mutationsOf(rpmWith(tags, payload), 40)) {
      if (each.length % 7 !== 0 && each.length < 900) continue;
      await openAll(writeFile(t, each)).catch((error: unknown) => {
        assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
      });
    }
  });
});
