import type { EntrypointCase } from './entrypoint-case.ts';

const app = { Entrypoint: ['/app'] };
const body = '\necho started\n';
const both = ['debian', 'alpine-3.20'] as const;

/** A script at /app, which is the ENTRYPOINT. */
function script(name: string, text: string, more: Partial<EntrypointCase> = {}): EntrypointCase {
  return { name, bases: both, config: app, make: (files) => files.file('/app', text), ...more };
}

export const scriptCases: readonly EntrypointCase[] = [
  script('a script for sh', `#!/bin/sh${body}`),
  script('a script with spaces and tabs before its interpreter', `#! \t /bin/sh${body}`),
  script('a script with an option for its interpreter', `#!/bin/sh -e${body}`),
  script('a script whose interpreter is not there', `#!/bin/zsh${body}`),
  script('a script for bash', `#!/bin/bash${body}`),
  script('a script with CRLF', '#!/bin/sh\r\necho started\r\n'),
  script('a script with CRLF after an option', '#!/bin/sh -e\r\necho started\r\n'),
  script('a script by env with CRLF', '#!/usr/bin/env sh\r\necho started\r\n'),
  script('a script of mode 0644', `#!/bin/sh${body}`, {
    make: (files) => files.file('/app', `#!/bin/sh${body}`, { mode: 0o644 }),
  }),
  script('a script of mode 0711 for another user', `#!/bin/sh${body}`, {
    config: { ...app, User: '1000' },
    make: (files) => files.file('/app', `#!/bin/sh${body}`, { mode: 0o711 }),
  }),
  script('a text without a first line of a script', 'echo started\n'),
  script('a script that begins with a byte order mark', `\ufeff#!/bin/sh${body}`),
  script('a script that begins with an empty line', `\n#!/bin/sh${body}`),
  script('an empty file', ''),
  script('a first line that names no interpreter', `#!${body}`),
  script('a first line of blanks', `#!   ${body}`),
  script('a first line without an end', '', {
    bases: ['scratch'],
    make(files, programs) {
      files.file('/app', '#!/interpreter');
      files.file('/interpreter', programs.static());
    },
  }),
  script(
    'an interpreter whose name is longer than the kernel reads',
    `#!/${'./'.repeat(140)}bin/sh${body}`,
  ),
  script(
    'an interpreter at the end of what the kernel reads',
    `#!/${'./'.repeat(123)}bin/sh${body}`,
  ),
  script(
    'an option that is longer than the kernel reads',
    `#!/bin/sh -e ${'x'.repeat(300)}${body}`,
  ),
  script('a script whose interpreter is a directory', `#!/bin${body}`),
  script('a script whose interpreter is relative, from /', `#!bin/sh${body}`),
  script('a script whose interpreter is relative, from another folder', `#!bin/sh${body}`, {
    config: { ...app, WorkingDir: '/tmp' },
  }),
  script('a script by env', `#!/usr/bin/env sh${body}`),
  script('a script by env for what is not there', `#!/usr/bin/env zsh${body}`),
  script('a script by env with an option of its own', `#!/usr/bin/env sh -e${body}`),
  script('a script by env -S', `#!/usr/bin/env -S sh -e${body}`),
  script('a script by env -S for what is not there', `#!/usr/bin/env -S zsh -e${body}`),
  script('a script by env -S with a setting', `#!/usr/bin/env -S NAME=1 sh${body}`),
  script('a script by env with a PATH that has nothing', `#!/usr/bin/env sh${body}`, {
    config: { ...app, Env: ['PATH=/opt'] },
  }),
  script('a script by env at another place', `#!/bin/env sh${body}`),
  script('a script whose interpreter has mode 0644', `#!/opt/sh${body}`, {
    make(files) {
      files.file('/app', `#!/opt/sh${body}`);
      files.file('/opt/sh', '#!/bin/sh\n', { mode: 0o644 });
    },
  }),
  script('a script whose interpreter is a link to one', `#!/opt/sh${body}`, {
    make(files) {
      files.file('/app', `#!/opt/sh${body}`);
      files.link('/opt/sh', '../bin/sh');
    },
  }),
  script('a script whose interpreter is a link to nothing', `#!/opt/sh${body}`, {
    make(files) {
      files.file('/app', `#!/opt/sh${body}`);
      files.link('/opt/sh', '../bin/nothing');
    },
  }),
  script('a script whose interpreter is a loop of links', `#!/opt/sh${body}`, {
    make(files) {
      files.file('/app', `#!/opt/sh${body}`);
      files.link('/opt/sh', 'hs');
      files.link('/opt/hs', 'sh');
    },
  }),
  ...[1, 3, 4, 5, 6].map((depth) =>
    script(`a script for a script, ${depth} times`, '', {
      make(files) {
        for (let at = 0; at <= depth; at += 1)
          files.file(
            at === 0 ? '/app' : `/s${at}`,
            `#!${at === depth ? '/bin/sh' : `/s${at + 1}`}${body}`,
          );
      },
    }),
  ),
  script('a script for a text without a first line', '', {
    make(files) {
      files.file('/app', `#!/inner${body}`);
      files.file('/inner', 'echo started\n');
    },
  }),
  script('a script that is its own interpreter', `#!/app${body}`),
  script('a script for a program whose loader is not there', '', {
    bases: ['musl', 'alpine-3.20'],
    make(files, programs) {
      files.file('/app', `#!/glibc${body}`);
      files.file('/glibc', programs.program('gcc'));
    },
  }),
  script('a script for a program that is alone', '', {
    bases: ['scratch'],
    make(files, programs) {
      files.file('/app', '#!/interpreter\n');
      files.file('/interpreter', programs.static());
    },
  }),
  script('a script in an image without a shell', `#!/bin/sh${body}`, {
    bases: ['scratch', 'glibc'],
  }),
  script('a script as an argument of sh, of mode 0644', `#!/bin/sh${body}`, {
    config: { Cmd: ['sh', '/app'] },
    make: (files) => files.file('/app', `echo started\n`, { mode: 0o644 }),
  }),
  script('a script as an argument of sh that is not there', '', {
    config: { Cmd: ['sh', '/nowhere'] },
  }),
  script('a script of a folder that others cannot enter, as root', '', {
    config: { Entrypoint: ['/opt/app'] },
    make(files) {
      files.directory('/opt', { mode: 0o700, uid: 1000 });
      files.file('/opt/app', `#!/bin/sh${body}`);
    },
  }),
];
