import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { access, type Permission } from '../../src/root/permission.ts';
import { buildRoot, directory, linkTo, text } from '../support/root-builder.ts';

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
    name: 'root executes nothing that nobody may execute',
    path: '/srv/plain',
    permission: 'execute',
    who: root0,
    to: 'denied',
  },
  {
    name: 'nobody is refused where it is not known who asks',
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
