import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../../src/elf/constants.ts';
import { elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import { followImage, type GivenImage } from './follow-image.ts';

const app = elf({ type: ET.EXEC, isDynamic: false, entry: 0x400080 });
const many = (count: number, text: string) => text.repeat(count);

/** Forty links, each of which leads through the next one as often as a path is long. */
function doublingLinks(): Things {
  const links = Array.from({ length: 40 }, (_, index) => [
    `/l${index}`,
    linkTo(`${many(300, `l${index + 1}/../`)}l${index + 1}`),
  ]);
  return { ...Object.fromEntries(links), '/l40': app };
}

interface Case extends Partial<GivenImage> {
  readonly name: string;
  readonly state: 'fails' | 'undecided' | 'starts';
}

const cases: readonly Case[] = [
  {
    name: 'a million words',
    config: { cmd: ['/app', ...Array(1_000_000).fill('x')] },
    state: 'fails',
  },
  { name: 'a word of many megabytes', config: { cmd: [many(20_000_000, 'a/')] }, state: 'fails' },
  { name: 'a name of many megabytes', config: { cmd: [many(20_000_000, 'a')] }, state: 'fails' },
  {
    name: 'a PATH of a million folders',
    config: { cmd: ['none'], env: [`PATH=${many(1_000_000, '/a/b/c/d:')}`] },
    state: 'undecided',
  },
  {
    name: 'a PATH of many folders, for a starter',
    things: { '/sbin/tini': app },
    config: { cmd: ['/sbin/tini', 'none'], env: [`PATH=${many(14_000, '/a/b/c/d:')}`] },
    state: 'undecided',
  },
  {
    name: 'a WorkingDir of many megabytes',
    config: { cmd: ['./app'], workingDirectory: `/${many(1_000_000, 'a/')}` },
    state: 'fails',
  },
  {
    name: 'a link of as many parts as no path has',
    things: { '/app': linkTo(many(200_000, 'a/')) },
    config: { cmd: ['/app'] },
    state: 'fails',
  },
  { name: 'links that double', things: doublingLinks(), config: { cmd: ['/l0'] }, state: 'fails' },
  {
    name: 'folders that are links to themselves',
    things: { '/a': linkTo('a/a/a') },
    config: { cmd: ['/a/b'] },
    state: 'fails',
  },
  {
    name: 'scripts in a circle',
    things: {
      '/app': text('#!/b\n', { mode: 0o755 }),
      '/b': text('#!/app\n', { mode: 0o755 }),
    },
    config: { cmd: ['/app'] },
    state: 'fails',
  },
  {
    name: 'a shell text as long as one may be',
    things: { '/bin/sh': app, '/app': app },
    config: { cmd: ['/bin/sh', '-c', `exec /app ${many(40_000, '$x ')}`] },
    state: 'starts',
  },
  {
    name: 'an endless line of env',
    things: { '/usr/bin/env': app },
    config: { cmd: ['/usr/bin/env', ...Array(150_000).fill('-S a=b')] },
    state: 'undecided',
  },
  {
    name: 'an environment of a million settings',
    things: { '/app': app },
    config: { cmd: ['/app'], env: Array.from({ length: 1_000_000 }, (_, index) => `V${index}=x`) },
    state: 'fails',
  },
  {
    name: 'a user of many megabytes',
    config: { cmd: ['/app'], user: many(10_000_000, 'u:') },
    state: 'fails',
  },
];

describe('the start of a hostile image ends, with an answer that can be read', () => {
  for (const { name, state, things = { '/app': app }, config = {}, ...rest } of cases) {
    it(name, () => {
      const found = followImage({ things, config, ...rest });
      assert.equal(found.start.state, state, JSON.stringify(found).slice(0, 1000));
      assert.ok(JSON.stringify(found).length < 100_000, 'the answer is as long as what was given');
    });
  }
});
