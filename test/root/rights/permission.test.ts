import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { access, mayUse, type Permission } from '../../../src/root/rights/permission.ts';
import { buildRoot, directory, linkTo, text } from '../../support/roots/root-builder.ts';

const root = buildRoot({
  '/srv': directory(0o755),
  '/srv/mine': text('x', { uid: 1000, mode: 0o077 }),
  '/srv/ours': text('x', { gid: 50, mode: 0o740 }),
  '/srv/theirs': text('x', { mode: 0o751 }),
  '/srv/plain': text('x', { mode: 0o666 }),
  '/closed': directory(0o700),
  '/closed/file': text('x', { mode: 0o777 }),
  '/dark': directory(0o711),
  '/dark/file': text('x', { mode: 0o644 }),
  '/through': linkTo('/closed/../srv/plain'),
  '/loop': linkTo('loop'),
  '/closed/loop': linkTo('loop'),
});

const app = { uid: 1000, gid: 1000, groups: [50] };
const root0 = { uid: 0, gid: 0, groups: [] };

const cases: readonly {
  readonly name: string;
  readonly path: string;
  readonly permission?: Permission;
  readonly who?: typeof app | null;
  readonly to: ReturnType<typeof access>['to'];
}[] = [
  { name: "the owner's bits count alone", path: '/srv/mine', to: 'denied' },
  { name: "a group's bits count for its members", path: '/srv/ours', to: 'file' },
  {
    name: 'a group may read and not execute',
    path: '/srv/ours',
    permission: 'execute',
    to: 'denied',
  },
  { name: "others' bits count for others", path: '/srv/theirs', permission: 'execute', to: 'file' },
  { name: 'others may execute and not read', path: '/srv/theirs', to: 'denied' },
  { name: 'a folder that may not be passed', path: '/closed/file', to: 'denied' },
  { name: 'a folder that may be passed though not listed', path: '/dark/file', to: 'file' },
  { name: 'a link through a closed folder', path: '/through', to: 'denied' },
  { name: 'a closed folder before a loop', path: '/closed/loop', to: 'denied' },
  { name: 'a loop', path: '/loop', to: 'loop' },
  { name: 'nothing', path: '/srv/none', to: 'nothing' },
  { name: 'a file on the way', path: '/srv/plain/none', to: 'nothing' },
  { name: 'root reads everything', path: '/srv/mine', who: root0, to: 'file' },
  { name: 'root passes everything', path: '/closed/file', who: root0, to: 'file' },
  {
    name: 'root does not execute a file without any execute permission',
    path: '/srv/plain',
    permission: 'execute',
    who: root0,
    to: 'denied',
  },
  {
    name: 'no user is refused where the user is not known',
    path: '/closed/file',
    who: null,
    to: 'file',
  },
];

describe('what a user may open', () => {
  for (const { name, path, permission = 'read', who = app, to } of cases) {
    it(`${name}: ${permission} ${path}`, () => {
      assert.equal(access(root, path, permission, who).to, to);
    });
  }
});

/** Entries of tag, permissions and id, as the attribute has them. */
function listOf(...entries: readonly (readonly [number, number, number])[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * entries.length);
  bytes.writeUInt32LE(2);
  for (const [index, [tag, permissions, id]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + 8 * index);
    bytes.writeUInt16LE(permissions, 6 + 8 * index);
    bytes.writeInt32LE(id, 8 + 8 * index);
  }
  return bytes;
}

describe('an access list', () => {
  const mask = [0x10, 7, -1] as const;
  const ours = [4, 0, -1] as const;
  const cases: readonly (readonly [
    name: string,
    mode: number,
    list: readonly (readonly [number, number, number])[],
    may: boolean,
    who?: Partial<typeof app>,
  ])[] = [
    ['lets a user in whom the mode keeps out', 0o750, [[2, 5, 1000], ours, mask], true],
    ['keeps a user out whom the mode lets in', 0o775, [[2, 0, 1000], ours, mask], false],
    ['of another user says nothing', 0o750, [[2, 5, 1001], ours, mask], false],
    ['of a group lets its members in', 0o750, [ours, [8, 5, 50], mask], true],
    ['of a group keeps others out', 0o750, [ours, [8, 5, 51], mask], false],
    ['of one group of two lets in', 0o750, [ours, [8, 0, 1000], [8, 5, 50], mask], true],
    ['takes a right of others from members', 0o755, [ours, [8, 0, 50], mask], false],
    ['is masked by the digit of the group', 0o740, [[2, 7, 1000], ours, mask], false],
    ['counts for nothing where the group has no right', 0o705, [[2, 0, 1000], ours, mask], true],
    ['says nothing of the owner', 0o750, [[2, 0, 1000], ours, mask], true, { uid: 7 }],
    ['says nothing of root', 0o750, [[2, 0, 0], ours, mask], true, { uid: 0 }],
  ];
  for (const [name, mode, list, may, who] of cases)
    it(name, () => {
      const entry = { mode, uid: 7, gid: 7, type: 'file', accessList: listOf(...list) } as const;
      assert.equal(mayUse(entry, 'execute', { ...app, ...who }), may);
    });

  it('that Linux does not take is none', () => {
    for (const list of [Buffer.alloc(0), Buffer.alloc(4), listOf(ours).subarray(0, 9)]) {
      const entry = { mode: 0o750, uid: 7, gid: 7, type: 'file', accessList: list } as const;
      assert.equal(mayUse(entry, 'execute', app), false);
      assert.equal(mayUse({ ...entry, mode: 0o755 }, 'execute', app), true);
    }
  });
});
