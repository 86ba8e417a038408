import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adviceFor } from '../../../src/root/start/advice.ts';
import { cause } from '../../../src/root/start/cause.ts';
import { fails } from '../../../src/root/start/start.ts';
import { elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
  program,
} from '../loader/processes.ts';
import { followImage, type GivenImage } from './follow-image.ts';

interface Case extends Partial<GivenImage> {
  readonly name: string;
  /** Of `image`, or of the distribution whose libc it is. */
  readonly says: RegExp;
  readonly cause: string;
}

const still = { isDynamic: false, entry: 0x400080, type: 2 };
const app = elf(still);
const script = (content: string) => text(content, { mode: 0o755 });
const needy = (libc: 'musl' | 'glibc') => program(libc, { needed: ['libneedy.so.1'], entry: 0x80 });
const musl: Things = { [muslPath]: muslLoader() };
const glibc: Things = { [glibcPath]: glibcLoader(['/lib']) };

const cases: readonly Case[] = [
  {
    name: 'a script with CR LF',
    things: { '/app': script('#!/bin/sh\r\n'), '/bin/sh': app },
    cause: 'line-ends /bin/sh',
    says: /dos2unix/,
  },
  {
    name: 'a user without an account',
    things: { '/app': app },
    config: { cmd: ['/app'], user: 'web' },
    cause: 'user web',
    says: /adduser/,
  },
  {
    name: 'another machine',
    things: { '/app': elf({ ...still, machine: 183 }), '/bin/sh': app },
    cause: 'machine /app',
    says: /platform of the image/,
  },
  {
    name: 'a file that no one may execute',
    things: { '/app': elf(still, { mode: 0o644 }) },
    cause: 'closed /app',
    says: /chmod/,
  },
  {
    name: 'a program of glibc on musl',
    things: { ...musl, '/app': program('glibc', { entry: 0x80 }) },
    cause: `not-for-musl ${glibcPath}`,
    says: /for musl/,
  },
  {
    name: 'a loader that is missing',
    things: { '/app': program('glibc', { entry: 0x80 }) },
    cause: `loader ${glibcPath}`,
    says: /loader and the libraries/,
  },
  {
    name: 'bash that is missing',
    things: { '/app': script('#!/bin/bash\n') },
    cause: 'interpreter /bin/bash',
    says: /Install bash/,
  },
  {
    name: 'another interpreter that is missing',
    things: { '/app': script('#!/usr/bin/fish\n') },
    cause: 'interpreter /usr/bin/fish',
    says: /interpreter/,
  },
  { name: 'a file that is missing', things: {}, cause: 'missing /app', says: /COPY/ },
  {
    name: 'a script without a first line',
    things: { '/app': script('echo') },
    cause: 'format /app',
    says: /#!\/bin\/sh/,
  },
  {
    name: 'a word that a shell does not find',
    things: { '/bin/dash': app, '/bin/sh': linkTo('dash') },
    config: { cmd: ['/bin/sh', '-c', 'web'] },
    cause: 'missing web',
    says: /PATH/,
  },
  {
    name: 'a library that is missing under musl',
    things: { ...musl, '/app': needy('musl') },
    cause: 'library libneedy.so.1',
    says: /^Install the library with `apk add so:libneedy\.so\.1`\.$/,
  },
  {
    name: 'a library that is missing under glibc',
    things: { ...glibc, '/app': needy('glibc') },
    cause: 'library libneedy.so.1',
    says: /^Install the package that `apt-file search libneedy\.so\.1`/,
  },
  {
    name: 'a library that the image has in another folder',
    things: { ...musl, '/app': needy('musl'), '/opt/lib/libneedy.so.1': library('libneedy.so.1') },
    cause: 'library libneedy.so.1',
    says: /^Set LD_LIBRARY_PATH to `\/opt\/lib`/,
  },
];

describe('the advice and the cause are those of the failure', () => {
  for (const { name, config = { cmd: ['/app'] }, things = {}, says, cause: want } of cases)
    test(name, () => {
      const { start } = followImage({ things, config });
      assert.equal(start.state, 'fails');
      if (start.state !== 'fails') return;
      assert.equal(`${start.cause.kind} ${start.cause.of}`, want);
      const [advice, ...more] = Object.values(adviceFor(start));
      const all = [advice, ...more].filter((text) => says.test(text ?? ''));
      assert.notDeepEqual(all, [], JSON.stringify(adviceFor(start)));
    });
});

test('a cause without advice leaves it to the rule', () => {
  const failure = fails(cause('fault', '/app'), 'Segmentation fault', 'it dies');
  assert.deepEqual(adviceFor({ ...failure, links: [] }), {});
});
