import { type Entry, installStatic } from './entries.ts';
import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';
import { libcFor } from './root-libc.ts';

/** A script at /opt/run.sh. It says `started` and ends with 42 where the shell reads it. */
function script(
  name: string,
  line: string,
  after: (lab: Lab) => void = () => {},
  image: ImageSettings = {},
): Entry {
  return {
    name: `a script ${name}`,
    image: { entrypoint: ['/opt/run.sh'], ...image },
    needsShell: true,
    apply(lab) {
      lab.write('/opt/run.sh', `${line}\necho started\nexit 42\n`, 0o755);
      after(lab);
    },
  };
}

/** Scripts, each of which names the next as its interpreter; the last one names a shell. */
function nested(count: number): Entry {
  return script(`of ${count} nested interpreters`, '#!/opt/run1.sh', (lab) => {
    for (let at = 1; at <= count; at += 1) {
      const next = at === count ? '/opt/app' : `/opt/run${at + 1}.sh`;
      lab.write(`/opt/run${at}.sh`, `#!${next}\n`, 0o755);
    }
    installStatic(lab, '/opt/app');
  });
}

/** A program that is the interpreter, whatever it is given. */
function interpreter(name: string, path: string, apply: (lab: Lab) => void, image?: ImageSettings) {
  return script(`whose interpreter ${name}`, `#!${path}`, apply, image);
}

const text = 'echo started; exit 42';

/** Links to BusyBox, where a root has one; to a file that is missing in other roots. */
function applet(name: string, entrypoint: readonly string[]): Entry {
  return {
    name: `an applet ${name}`,
    image: { entrypoint },
    needsShell: true,
    apply(lab) {
      for (const link of ['/bin/foo', '/bin/httpd', '/opt/ash']) lab.symlink(link, '/bin/busybox');
    },
  };
}

export const scriptEntries: readonly [Entry, ...Entry[]] = [
  script('of /bin/sh', '#!/bin/sh'),
  script('with an argument', '#!/bin/sh -e'),
  script('with two arguments in one', '#!/bin/sh -e -u'),
  script('with spaces before the interpreter', '#!  \t/bin/sh'),
  script('with spaces behind the interpreter', '#!/bin/sh  \t '),
  script('with CRLF', '#!/bin/sh\r'),
  script('with CRLF and an argument', '#!/bin/sh -e\r'),
  script('behind a byte order mark', '\ufeff#!/bin/sh'),
  script('behind an empty line', '\n#!/bin/sh'),
  script('behind a space', ' #!/bin/sh'),
  script('with an empty first line', '#!'),
  script('with spaces only in its first line', '#!   '),
  script('with a NUL behind the interpreter', '#!/bin/sh\0-e'),
  script('of a shell that is missing', '#!/bin/fish'),
  script('of a relative shell', '#!bin/sh'),
  script('of a relative shell, from another directory', '#!bin/sh', undefined, {
    workingDir: '/srv',
  }),
  script('of env', '#!/usr/bin/env sh'),
  script('of env and a shell that is missing', '#!/usr/bin/env fish'),
  script('of env with CRLF', '#!/usr/bin/env sh\r'),
  script('of env with an argument', '#!/usr/bin/env sh -e'),
  script('of env -S', '#!/usr/bin/env -S sh -e'),
  script('of env, with a PATH without a shell', '#!/usr/bin/env sh', undefined, {
    env: ['PATH=/srv'],
  }),
  script('with a long first line', `#!/bin/sh ${'-e '.repeat(120)}`),
  script('with an interpreter of 255 bytes', `#!${'/./'.repeat(80)}bin/sh`),
  script('with an interpreter of 300 bytes', `#!${'/.'.repeat(150)}/bin/sh`),
  script('of mode 0644', '#!/bin/sh', (lab) => lab.chmod('/opt/run.sh', 0o644)),
  script('of mode 0711, by user 1000', '#!/bin/sh', (lab) => lab.chmod('/opt/run.sh', 0o711), {
    user: '1000',
  }),
  script('of mode 0755, by user 1000', '#!/bin/sh', undefined, { user: '1000' }),
  script('by its word', '#!/bin/sh', (lab) => lab.symlink('/usr/bin/run', '/opt/run.sh'), {
    entrypoint: ['run'],
  }),
  script('without a line end', '#!/opt/app', (lab) => {
    installStatic(lab, '/opt/app');
    lab.write('/opt/run.sh', '#!/opt/app', 0o755);
  }),
  script('that execs a program', '#!/bin/sh', (lab) => {
    lab.write('/opt/run.sh', '#!/bin/sh\nset -e\nexec /opt/app "$@"\n', 0o755);
    installStatic(lab, '/opt/app');
  }),
  nested(1),
  nested(2),
  nested(3),
  nested(4),
  nested(5),
  nested(6),
  interpreter('is the script itself', '/opt/run.sh', () => {}),
  interpreter('is a static program', '/opt/app', (lab) => installStatic(lab, '/opt/app')),
  interpreter('is a directory', '/opt', () => {}),
  interpreter('is a text', '/opt/text', (lab) => lab.write('/opt/text', 'text\n', 0o755)),
  interpreter('is empty', '/opt/text', (lab) => lab.write('/opt/text', '', 0o755)),
  interpreter('is of mode 0644', '/opt/app', (lab) => installStatic(lab, '/opt/app', 0o644)),
  interpreter('is of mode 0700', '/opt/app', (lab) => installStatic(lab, '/opt/app', 0o700), {
    user: '1000',
  }),
  interpreter('is a loop of links', '/opt/loop', (lab) => lab.symlink('/opt/loop', 'loop')),
  interpreter('is for another machine', '/opt/app', (lab) => {
    installStatic(lab, '/opt/app');
    const bytes = lab.read('/opt/app');
    bytes[18] = 8;
    lab.write('/opt/app', bytes, 0o755);
  }),
  interpreter('lacks its loader', '/opt/app', (lab) => {
    const { machine } = lab.base;
    const libc = libcFor(lab.base);
    const flags = ['-Wl,-dynamic-linker,/lib/ld-nowhere.so.1'];
    const source = '#include <unistd.h>\nint main(void) { write(1, "started\\n", 8); return 42; }';
    lab.install(lab.compile({ machine, libc, mode: 'pie', source, flags }), '/opt/app');
  }),
  interpreter('is a shell behind two links', '/opt/one', (lab) => {
    lab.symlink('/opt/one', 'two');
    lab.symlink('/opt/two', '/bin/sh');
  }),
  applet('that BusyBox lacks, behind a link', ['foo']),
  applet('that other builds of BusyBox have, behind a link', ['/bin/httpd', '-f']),
  applet('that BusyBox lacks, in a text', ['/bin/sh', '-c', 'exec foo']),
  applet('that BusyBox lacks, as its word', ['/bin/busybox', 'foo']),
  applet('that BusyBox has, behind a link of its own', ['/opt/ash', '-c', text]),
];
