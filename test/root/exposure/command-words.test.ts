import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { programsOfCommandLine } from '../../../src/root/exposure/command-words.ts';
import { configOf } from './config-of.ts';

const shell = (text: string) => ({ entrypoint: ['/bin/sh', '-c', text], cmd: [] });

const cases = [
  { given: { entrypoint: ['/app'], cmd: [] }, want: ['/app started'] },
  { given: { entrypoint: [], cmd: ['nginx', '-g', 'daemon off;'] }, want: ['nginx started'] },
  {
    given: { entrypoint: ['/start.sh'], cmd: ['nginx'] },
    want: ['/start.sh started', 'nginx named'],
  },
  { given: { entrypoint: ['/start.sh'], cmd: ['--help'] }, want: ['/start.sh started'] },
  { given: { entrypoint: [], cmd: [] }, want: [] },
  { given: shell('exec nginx -g'), want: ['/bin/sh started', 'nginx started'] },
  { given: shell('A=1 B=2 exec ./run'), want: ['/bin/sh started', './run started'] },
  {
    given: shell('migrate && serve --port 80'),
    want: ['/bin/sh started', 'migrate started', 'serve started'],
  },
  { given: shell('java $OPTS -jar app.jar'), want: ['/bin/sh started', 'java started'] },
  { given: shell('$PROGRAM --serve'), want: ['/bin/sh started'] },
  { given: shell('echo "a && serve"'), want: ['/bin/sh started', 'echo started'] },
  { given: { entrypoint: ['sh', '/run.sh'], cmd: [] }, want: ['sh started', '/run.sh started'] },
  {
    given: { entrypoint: ['/sbin/tini', '-g', '--'], cmd: ['/run.sh'] },
    want: ['/sbin/tini started', '/run.sh started'],
  },
  {
    given: { entrypoint: ['gosu', 'postgres', 'postgres'], cmd: [] },
    want: ['gosu started', 'postgres started'],
  },
  {
    given: { entrypoint: ['tini', '-p', 'SIGTERM', '--', '/app'], cmd: [] },
    want: ['tini started', '/app started'],
  },
  {
    given: { entrypoint: ['dumb-init', '-r', '15:3', 'gosu', 'web', 'nginx'], cmd: ['-g'] },
    want: ['dumb-init started', 'gosu started', 'nginx started'],
  },
  {
    given: { entrypoint: ['timeout', '-s', 'INT', '5', 'nice', '-n', '3', '/app'], cmd: [] },
    want: ['timeout started', 'nice started', '/app started'],
  },
  {
    given: { entrypoint: ['env', '-u', 'HOME', 'A=1', '/app'], cmd: [] },
    want: ['env started', '/app started'],
  },
  {
    given: { entrypoint: ['/usr/bin/env', '-S', 'A=1 python3 -u'], cmd: ['/app.py'] },
    want: ['/usr/bin/env started', 'python3 started', '/app.py named'],
  },
  {
    given: { entrypoint: ['busybox', 'sh', '-c', 'exec /app'], cmd: [] },
    want: ['busybox started', '/app started'],
  },
  {
    given: shell('exec tini -- gosu web /app'),
    want: ['/bin/sh started', 'tini started', 'gosu started', '/app started'],
  },
  {
    given: shell('migrate && exec nice /app'),
    want: ['/bin/sh started', 'migrate started', 'nice started', '/app started'],
  },
  {
    given: { entrypoint: ['bash', '-lc', 'serve --port 80'], cmd: [] },
    want: ['bash started', 'serve started'],
  },
  {
    given: { entrypoint: ['sh', '-o', 'pipefail', '-c', 'serve'], cmd: [] },
    want: ['sh started', 'serve started'],
  },
  {
    given: { entrypoint: ['tini', '--', '/start.sh'], cmd: ['nginx', '-g'] },
    want: ['tini started', '/start.sh started', 'nginx named'],
  },
  {
    given: { entrypoint: ['setpriv', '--reuid=web', '/app'], cmd: [] },
    want: ['setpriv started', '/app started'],
  },
  {
    given: { entrypoint: ['/opt/sh-like', '-c', '/app'], cmd: [] },
    want: ['/opt/sh-like started'],
  },
  { given: { entrypoint: Array(200).fill('nice'), cmd: [] }, want: Array(64).fill('nice started') },
];

describe('programs of a command line', () => {
  for (const { given, want } of cases) {
    it(JSON.stringify([...given.entrypoint, ...given.cmd]), () => {
      const found = programsOfCommandLine(configOf(given));
      assert.deepEqual(
        found.map(({ word, how }) => `${word} ${how}`),
        want,
      );
    });
  }
});
