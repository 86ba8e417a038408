import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextOfImage, startOf } from '../../../../src/root/loader/process/process-context.ts';
import { buildRoot } from '../../../support/roots/root-builder.ts';
import { configOf } from '../../exposure/config-of.ts';

const root = buildRoot({});
const file = { mode: 0o755, uid: 0, gid: 0, capability: null };
/** cap_net_raw, permitted and effective (linux/capability.h, vfs_cap_data). */
const netRaw = Buffer.from('0100000200200000000000000000000000000000', 'hex');

const starts: readonly {
  readonly name: string;
  readonly program?: Partial<Omit<typeof file, 'capability'>> & { readonly capability?: Buffer };
  /** null: no image says who starts it. */
  readonly user: string | null;
  readonly secure: boolean;
  readonly uid?: number;
  readonly gid?: number;
}[] = [
  { name: 'a plain program', user: '1000:1000', secure: false, uid: 1000, gid: 1000 },
  { name: 'setuid', program: { mode: 0o4755 }, user: '1000:1000', secure: true, uid: 0, gid: 1000 },
  { name: 'setuid, by its owner', program: { mode: 0o4755 }, user: '', secure: false, uid: 0 },
  {
    name: 'setuid for another, by root',
    program: { mode: 0o4755, uid: 33 },
    user: '',
    secure: true,
    uid: 33,
  },
  { name: 'setgid', program: { mode: 0o2755 }, user: '1000:1000', secure: true, uid: 1000, gid: 0 },
  {
    name: 'setgid without the right to execute',
    program: { mode: 0o2745 },
    user: '1000:1000',
    secure: false,
    gid: 1000,
  },
  { name: 'capabilities', program: { capability: netRaw }, user: '1000', secure: true },
  { name: 'capabilities, by root', program: { capability: netRaw }, user: '', secure: false },
  { name: 'a plain program by any user', user: null, secure: false },
  { name: 'setuid, by any user', program: { mode: 0o4755 }, user: null, secure: true },
  { name: 'capabilities, by any user', program: { capability: netRaw }, user: null, secure: true },
];

describe('how a program starts', () => {
  for (const { name, program, user, secure, uid, gid } of starts) {
    it(`${name}, user ${user ?? 'unknown'}: ${secure ? 'secure' : 'as any other'}`, () => {
      const config = user === null ? null : configOf({ user });
      const start = startOf({ ...file, ...program }, contextOfImage(root, config));
      assert.equal(start.secure, secure);
      if (uid !== undefined) assert.equal(start.user?.uid, uid);
      if (gid !== undefined) assert.equal(start.user?.gid, gid);
    });
  }
});

describe('the working directory of an image', () => {
  for (const [setting, want] of [
    ['', '/'],
    ['/', '/'],
    ['/srv/app/', '/srv/app'],
    ['srv', '/srv'],
    ['/srv//app', '/srv/app'],
  ] as const) {
    it(`"${setting}" is ${want}`, () => {
      const { workingDirectory } = contextOfImage(root, configOf({ workingDirectory: setting }));
      assert.equal(workingDirectory, want);
    });
  }
});

it('the last setting of a variable counts, up to its first equals sign', () => {
  const { environment } = contextOfImage(root, configOf({ env: ['A=1', 'B=x=y', '=z', 'A=2'] }));
  assert.deepEqual(
    [...environment],
    [
      ['A', '2'],
      ['B', 'x=y'],
    ],
  );
});
