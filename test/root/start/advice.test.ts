import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adviceFor } from '../../../src/root/start/advice.ts';
import { fails } from '../../../src/root/start/start.ts';

/** What a start prints and why, and what its first advice has to say. */
const causes = [
  [
    'a script with CR LF',
    'exec /a: no such file or directory',
    '/a asks for "/bin/sh\\r" (its lines end in CR LF), and it does not exist',
    /dos2unix/,
  ],
  [
    'a user without an account',
    'unable to find user app: no matching entries in passwd file',
    'USER names the user app, and /etc/passwd of the image does not',
    /adduser/,
  ],
  [
    'another machine',
    'exec /a: exec format error',
    '/a is for aarch64, and the image for linux/amd64',
    /platform of the image/,
  ],
  [
    'a file that nobody may execute',
    'exec /a: permission denied',
    '/a has mode 0644: nobody may execute it',
    /chmod/,
  ],
  [
    'a program of glibc on musl',
    'exec /a: no such file or directory',
    'its loader /lib64/ld-linux-x86-64.so.2 cannot be opened: it does not exist; the libc here is musl (/lib/ld-musl-x86_64.so.1)',
    /for musl/,
  ],
  [
    'a loader that is missing',
    'exec /a: no such file or directory',
    'its loader /lib/ld.so cannot be opened: it does not exist',
    /loader and the libraries/,
  ],
  [
    'bash that is missing',
    'exec /a: no such file or directory',
    '/a asks for /bin/bash, and /bin/bash does not exist',
    /bash/,
  ],
  [
    'another interpreter that is missing',
    'exec /a: no such file or directory',
    '/a asks for /usr/bin/fish, and /usr/bin/fish does not exist',
    /interpreter/,
  ],
  ['a file that is missing', 'exec /a: no such file or directory', '/a does not exist', /COPY/],
  [
    'a word that a shell does not find',
    '/bin/sh: a: not found',
    'no folder of PATH holds an executable a',
    /PATH/,
  ],
] as const;

describe('the advice follows the cause', () => {
  for (const [name, prints, because, says] of causes)
    test(name, () => assert.match(adviceFor(fails(prints, because) as never).image ?? '', says));
});

test('a missing library is installed, and a cause without advice leaves it to the rule', () => {
  const missing = { ...fails('x', 'liba.so.1 is not found'), library: 'liba.so.1' } as never;
  assert.match(adviceFor(missing).alpine ?? '', /apk add so:liba\.so\.1/);
  assert.deepEqual(adviceFor(fails('Segmentation fault', 'text relocations') as never), {});
});
