import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findProcessUser } from '../../../src/root/rights/process-user.ts';
import { buildRoot, type Things, text } from '../../support/roots/root-builder.ts';

const accounts: Things = {
  '/etc/passwd': text(
    'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/:/bin/sh\nbroken:x:many:0::/:\n',
  ),
  '/etc/group': text(
    'root:x:0:root\nstaff:x:50:app,other\nmail:x:12:other,app\nnobody:x:many:app\n',
  ),
};

const cases: readonly {
  readonly setting: string;
  readonly things?: Things;
  readonly who: readonly [uid: number, gid: number, ...groups: number[]] | null;
}[] = [
  { setting: '', who: [0, 0, 0] },
  { setting: 'root', things: {}, who: null },
  { setting: '0', things: {}, who: [0, 0] },
  { setting: 'app', who: [1000, 1001, 50, 12, 0] },
  { setting: '1000', who: [1000, 1001, 50, 12, 0] },
  { setting: '1234', who: [1234, 0] },
  { setting: 'app:mail', who: [1000, 12] },
  { setting: 'app:77', who: [1000, 77] },
  { setting: '1234:50', who: [1234, 50] },
  { setting: 'app:nowhere', who: null },
  { setting: 'nobody', who: null },
  // As Go reads what is not a number.
  { setting: 'broken', who: [0, 0] },
  { setting: '4294967295', who: null },
];

describe('the user that an image starts as', () => {
  for (const { setting, things = accounts, who } of cases) {
    const named = things === accounts ? '' : ' without accounts';
    it(`USER "${setting}"${named} is ${who === null ? 'nobody' : who.join(', ')}`, () => {
      const found = findProcessUser(buildRoot(things), setting);
      assert.deepEqual(found && [found.uid, found.gid, ...found.groups], who);
    });
  }
});
