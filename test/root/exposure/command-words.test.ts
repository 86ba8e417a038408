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
