import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../../src/elf/constants.ts';
import type { Start } from '../../../src/root/start/start.ts';
import { elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import { library, muslLoader, muslPath, program } from '../loader/processes.ts';
import { followImage } from './follow-image.ts';

const app = elf({ type: ET.EXEC, isDynamic: false, entry: 0x400080 });
const base: Things = {
  [muslPath]: muslLoader(),
  '/bin/dash': app,
  '/bin/sh': linkTo('dash'),
  '/app/server': app,
  '/app/needy': program('musl', { entry: 0x80, needed: ['libx.so'] }),
  '/opt/lib/libx.so': library('libx.so'),
};
const left = /^starts: \/bin\/sh; what \/run does then is not judged$/;

interface Case {
  readonly name: string;
  readonly script: string;
  readonly given?: readonly string[];
  readonly env?: readonly string[];
  readonly want: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'execs a word that no folder of PATH holds',
    script: '#!/bin/sh\nset -e\nexport MODE=prod\necho starting\n\nexec "$@"\n',
    given: ['gunicorn', 'app:app'],
    want: /^fails: \/run: gunicorn: not found \(missing gunicorn\)$/,
  },
  {
    name: 'execs a program that is there',
    script: '#!/bin/sh\nset -eu\nexec "$@"\n',
    given: ['/app/server', '-v'],
    want: /^starts: \/app\/server$/,
  },
  {
    name: 'execs a program that lacks a library',
    script: '#!/bin/sh\nexec "$@"\n',
    given: ['/app/needy'],
    want: /^fails: Error loading shared library libx\.so: /,
  },
  {
    name: 'execs what it names itself',
    script: '#!/bin/sh\nexec /app/missing --port 80 "$@"\n',
    want: /^fails: \/run: \/app\/missing: not found/,
  },
  {
    name: 'calls what it names itself, as its last line',
    script: '#!/bin/sh\n# all of it\n/app/missing\n',
    want: /^fails: \/run: \/app\/missing: not found/,
  },
  {
    name: 'breaks a word by a backslash at the end of a line',
    script: '#!/bin/sh\nexec /app/ser\\\nver \\\n  -v\n',
    want: /^starts: \/app\/server$/,
  },
  {
    name: 'breaks a word that leads nowhere',
    script: '#!/bin/sh\nexec /app/mis\\\n\\\nsing\n',
    want: /^fails: \/run: \/app\/missing: not found/,
  },
  {
    name: 'ends a comment with a backslash',
    script: '#!/bin/sh\n# then \\\nexec /app/missing\n',
    want: /^fails: \/run: \/app\/missing: not found/,
  },
  {
    name: 'ends a line with a backslash that stands for itself',
    script: '#!/bin/sh\necho a\\\\\nexec /app/missing\n',
    want: left,
  },
  { name: 'is given nothing to exec', script: '#!/bin/sh\nexec "$@"\n', want: left },
  {
    name: 'leads to a library by a variable that it exports',
    script: '#!/bin/sh\nexport LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH\nexec /app/needy "$@"\n',
    want: /^starts: \/app\/needy$/,
  },
  {
    name: 'leads to a library by a variable in front of the command',
    script:
      '#!/bin/sh\nexport LD_LIBRARY_PATH="/opt/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\nexec /app/needy\n',
    env: ['LD_LIBRARY_PATH=/nowhere'],
    want: /^starts: \/app\/needy$/,
  },
  {
    name: 'sets a variable that it does not export',
    script: '#!/bin/sh\nLD_LIBRARY_PATH=/opt/lib\nexec /app/needy\n',
    want: /^fails: Error loading shared library/,
  },
  {
    name: 'changes a variable that the image exports',
    script: '#!/bin/sh\nLD_LIBRARY_PATH=/opt/lib\nexec /app/needy\n',
    env: ['LD_LIBRARY_PATH=/nowhere'],
    want: /^starts: \/app\/needy$/,
  },
  {
    name: 'sets PATH',
    script: '#!/bin/sh\nexport PATH=/app:$PATH\nexec "$@"\n',
    given: ['server'],
    want: /^starts: \/app\/server$/,
  },
  {
    name: 'sets PATH to what is not known',
    script: '#!/bin/sh\nexport PATH=$(cat /path)\nexec "$@"\n',
    given: ['gunicorn'],
    want: /^undecided: \/run ends in \/run: gunicorn: not found .*, unless what it does before changes that$/,
  },
  {
    name: 'runs programs before, which may bring what is missing',
    script: '#!/bin/sh\npip install gunicorn\nexec "$@"\n',
    given: ['uvicorn'],
    want: /^undecided: \/run ends in \/run: uvicorn: not found/,
  },
  {
    name: 'speaks of the word that it was given',
    script: '#!/bin/sh\nif [ "$1" = web ]; then\n exec /app/server\nfi\nexec "$@"\n',
    given: ['web'],
    want: left,
  },
  {
    name: 'puts a program before the options that it was given',
    script: '#!/bin/sh\nif [ "${1#-}" != "$1" ]; then\n set -- /app/server "$@"\nfi\nexec "$@"\n',
    given: ['--port', '80'],
    want: left,
  },
  {
    name: 'ends its text before its last line',
    script: '#!/bin/sh\nexit 0\nexec /app/missing\n',
    want: /^undecided: /,
  },
  {
    name: 'leaves before its last line, where the words before do not say so',
    script: '#!/bin/sh\n. /etc/settings\nexec /app/server\n',
    want: left,
  },
  {
    name: 'has a line of another shell text',
    script: '#!/bin/sh\ncat <<EOF\nexec /app/missing\nEOF\n',
    want: left,
  },
  {
    name: 'has a function around its last line',
    script: '#!/bin/sh\nmain() {\nexec /app/missing\n}\nmain\n',
    want: left,
  },
  {
    name: 'joins its last line to the one before',
    script: '#!/bin/sh\n[ -e /x ] &&\nexec /app/missing\n',
    want: left,
  },
  {
    name: 'breaks its last line',
    script: '#!/bin/sh\nexec \\\n  /app/missing \\\n  --port 80\n',
    want: /^fails: \/run: \/app\/missing: not found/,
  },
  {
    name: 'enters a folder first, from where its program counts',
    script: '#!/bin/sh\ncd /app\nexec ./server\n',
    want: left,
  },
  {
    name: 'tests something first, and may end there',
    script: '#!/bin/sh\nset -e\ntest -e /nothing\nexec /app/missing\n',
    want: /^undecided: /,
  },
  { name: 'expands its last line', script: '#!/bin/sh\nexec $SERVER\n', want: left },
  { name: 'names one of a shell', script: '#!/bin/sh\ntrue\nwait\n', want: left },
];

describe('the entry point is a script that', () => {
  for (const { name, script, given = [], env = [], want } of cases)
    it(name, () => {
      const things = { ...base, '/run': text(script, { mode: 0o755 }) };
      const config = { entrypoint: ['/run'], cmd: [...given], env: [...env] };
      assert.match(sentenceOf(followImage({ things, config }).start), want);
    });

  it('leads to itself', () => {
    const things = { ...base, '/run': text('#!/bin/sh\nexec /run "$@"\n', { mode: 0o755 }) };
    assert.match(
      sentenceOf(followImage({ things, config: { cmd: ['/run', 'x'] } }).start),
      /programs start one another/,
    );
  });

  it('doubles its words each time', () => {
    const doubling = text('#!/bin/sh\nexec /run "$@" "$@"\n', { mode: 0o755 });
    const things = { ...base, '/run': doubling };
    const config = { cmd: ['/run', ...Array<string>(1000).fill('x')] };
    assert.match(sentenceOf(followImage({ things, config }).start), left);
  });

  it('is not of a shell', () => {
    const things = {
      ...base,
      '/usr/bin/python3': app,
      '/run': text('#!/usr/bin/python3\nexec "$@"\n', { mode: 0o755 }),
    };
    assert.match(
      sentenceOf(followImage({ things, config: { cmd: ['/run', 'x'] } }).start),
      /^starts: \/usr\/bin\/python3$/,
    );
  });
});

function sentenceOf(start: Start): string {
  switch (start.state) {
    case 'starts':
      return `starts: ${start.program}${start.beyond === null ? '' : `; ${start.beyond}`}`;
    case 'fails':
      return `fails: ${start.prints} (${start.cause.kind} ${start.cause.of})`;
    case 'undecided':
      return `undecided: ${start.because}`;
    default:
      return start.state;
  }
}
