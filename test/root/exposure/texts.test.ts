import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ImageConfig } from '../../../src/base/image-config.ts';
import { linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import { configOf } from './config-of.ts';
import { exposuresIn, image } from './exposures-in.ts';

describe('a text counts in whatever form and place it is named', () => {
  const tool = '/opt/bin/tool';
  const line = `exec ${tool} "$@"\n`;
  const executable = { mode: 0o755 };
  const cases: readonly {
    name: string;
    config: Partial<ImageConfig>;
    things: Things;
    want?: 'service';
  }[] = [
    {
      name: 'a script without #! that a shell is given',
      config: { entrypoint: ['/bin/sh', '/start'] },
      things: { '/start': text(line) },
    },
    {
      name: 'a script without #! behind options',
      config: { cmd: ['/bin/sh', '-eu', '/start'] },
      things: { '/start': text(line) },
    },
    {
      name: 'a script without #! that is executed',
      config: { cmd: ['/srv/run/start'] },
      things: { '/srv/run/start': text('exec tool\n', executable), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a script by its name in the working directory',
      config: { cmd: ['sh', 'start.sh'], workingDirectory: '/srv/a/b/c' },
      things: { '/srv/a/b/c/start.sh': text(line) },
    },
    {
      name: 'a script for standard input',
      config: { cmd: ['sh', '-c', 'sh < /srv/a/b/c/input'] },
      things: { '/srv/a/b/c/input': text(line) },
    },
    {
      name: 'a script through a pipe',
      config: { cmd: ['sh', '-c', 'cat /srv/a/b/c/input | sh -s'] },
      things: { '/srv/a/b/c/input': text(line) },
    },
    {
      name: 'a text that a script reads',
      config: { cmd: ['/entry'] },
      things: {
        '/entry': text('#!/bin/sh\n. /etc/app/functions\nrun\n', executable),
        '/etc/app/functions': text(`run() { ${tool}; }\n`),
      },
    },
    {
      name: 'a text that a script reads by source',
      config: { cmd: ['/entry'] },
      things: {
        '/entry': text('#!/bin/bash\nsource ./settings.env\n', executable),
        '/settings.env': text(line),
      },
    },
    {
      name: 'a text next to the script, by its folder',
      config: { cmd: ['/srv/a/entry'] },
      things: {
        '/srv/a/entry': text('#!/bin/sh\n. "$(dirname "$0")/more/settings"\n', executable),
        '/srv/a/more/settings': text(line),
      },
    },
    {
      name: 'a script of a health check',
      config: { cmd: ['/srv/app'], healthcheck: ['sh /check'] },
      things: { '/check': text(line) },
      want: 'service',
    },
    {
      name: 'a script in a deep folder',
      config: { cmd: ['/srv/app2/current/releases/7/bin/run'] },
      things: { '/srv/app2/current/releases/7/bin/run': text(`#!/bin/sh\n${line}`, executable) },
    },
    {
      name: 'a script in /var/lib',
      config: { cmd: ['/var/lib/app/run'] },
      things: { '/var/lib/app/run': text(`#!/bin/sh\n${line}`, executable) },
    },
    {
      name: 'a script among modules',
      config: { cmd: ['/app/node_modules/x/run'] },
      things: { '/app/node_modules/x/run': text(`#!/bin/sh\n${line}`, executable) },
    },
    {
      name: 'a script of 80 KB',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\n${':\n'.repeat(40_000)}${line}`, executable) },
    },
    {
      name: 'a script for a restricted shell',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/rbash\n${line}`, executable) },
    },
    {
      name: 'the settings of an interactive shell',
      config: { cmd: ['sh', '-i'], env: ['ENV=/srv/a/b/rules'] },
      things: { '/srv/a/b/rules': text('tool &\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'the profile of a login shell',
      config: { cmd: ['bash', '-l'] },
      things: { '/etc/profile.d/x.sh': text(`${tool} &\n`) },
    },
    {
      name: 'the settings of a shell that a script ends in',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nexec bash\n', executable),
        '/root/.bashrc': text(`${tool} &\n`),
      },
    },
    {
      name: 'settings that name what is started',
      config: { cmd: ['/srv/app', '-c', '/app/sup.ini'] },
      things: { '/app/sup.ini': text('[program:a]\ncommand=tool -n\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'settings behind an option',
      config: { cmd: ['/srv/app', '-c/app/sup.ini'] },
      things: { '/app/sup.ini': text(`[program:a]\ncommand=${tool}\n`) },
    },
    {
      name: 'a home',
      config: { cmd: ['sh', '-c', 'exec ~/tool'], env: ['HOME=/opt/bin'] },
      things: {},
    },
    {
      name: 'a folder in a variable',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\nD=/opt\nexec "$\{D}/bin/tool"\n`, executable) },
    },
    {
      name: 'a folder that a later text names',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\n. /etc/where\nexec $D/tool\n', executable),
        '/etc/where': text('D=/opt/bin\n'),
      },
    },
    {
      name: 'a PATH that a script sets',
      config: { cmd: ['sh', '-c', 'PATH=/opt/bin:$PATH; tool'] },
      things: {},
    },
    {
      name: 'a relative PATH',
      config: { cmd: ['tool'], env: ['PATH=bin'], workingDirectory: '/opt' },
      things: {},
    },
    {
      name: 'quotes inside a word',
      config: { cmd: ['sh', '-c', '"/opt"/b\\in/tool'] },
      things: {},
    },
    {
      name: 'a word on two lines',
      config: { cmd: ['/run'] },
      things: { '/run': text('#!/bin/sh\nexec /opt/bi\\\nn/tool\n', executable) },
    },
    { name: 'a pattern', config: { cmd: ['sh', '-c', '/opt/b?n/t*l'] }, things: {} },
    {
      name: 'a loop over a folder',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nfor f in /docker-entrypoint.d/*; do "$f"; done\n', executable),
        '/docker-entrypoint.d/10-x': linkTo(tool),
      },
    },
    {
      name: 'a folder whose files are found',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nfind "/srv/starts" -type f -exec {} \\;\n', executable),
        '/srv/starts/x.sh': text(line, executable),
      },
    },
    {
      name: 'a folder that a supervisor is given',
      config: { cmd: ['s6-svscan', '/srv/services'] },
      things: { '/srv/services/x/run': linkTo(tool) },
    },
    {
      name: 'what follows a line that begins with # inside a quote',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\na='\n#'; ${tool}\n`, executable) },
    },
    {
      name: 'what follows # inside double quotes',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\na="\n#"; ${tool}\n`, executable) },
    },
    {
      name: 'what follows # behind quotes that are paired in two ways',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\na="$(echo '"')'\n#"; ${tool}\n`, executable) },
    },
    {
      name: 'what follows # behind an escaped quote of bash',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/bash\na=$'\\'\n#'; ${tool}\n`, executable) },
    },
    {
      name: 'a line of a here-document that begins with #',
      config: { cmd: ['/run'] },
      things: {
        '/run': text(`#!/bin/sh\ncat > /x <<EOF\n#!${tool}\nEOF\nchmod +x /x; /x\n`, executable),
      },
    },
    {
      name: 'a line that begins with # and belongs to the word before',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/sh\n: a\\\n#b; ${tool}\n`, executable) },
    },
    {
      name: 'a script of a service behind # inside a quote',
      config: { cmd: ['/sbin/init'] },
      things: {
        '/sbin/init': linkTo('/bin/busybox'),
        '/etc/init.d/x': text(`#!/bin/sh\na='\n#'; ${tool}\n`, executable),
      },
      want: 'service',
    },
    {
      name: 'braces',
      config: { cmd: ['bash', '-c', '/opt/bin/{x,tool} -n'] },
      things: {},
    },
    {
      name: 'braces in braces',
      config: { cmd: ['bash', '-c', '/opt/{x,b{y,in}}/to{ol,x}'] },
      things: {},
    },
    {
      name: 'a row in braces',
      config: { cmd: ['bash', '-c', '/opt/bin/too{k..m}'] },
      things: {},
    },
    {
      name: 'more braces than are expanded',
      config: { cmd: ['bash', '-c', `/opt/bin/${'{x,}'.repeat(9)}{to,}ol`] },
      things: {},
    },
    {
      name: 'a class of characters',
      config: { cmd: ['sh', '-c', '/opt/bin/[t]ool'] },
      things: {},
    },
    {
      name: 'a loop over a folder in a variable',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nd=/start\nfor f in "$d"/*; do "$f"; done\n', executable),
        '/start/10-x': linkTo(tool),
      },
    },
    {
      name: 'a folder of a system that a supervisor is given',
      config: { cmd: ['s6-svscan', '/srv'] },
      things: { '/srv/x/run': linkTo(tool) },
    },
    {
      name: 'a folder of a package manager whose parts are run',
      config: { cmd: ['run-parts', '/var/lib/dpkg/start'] },
      things: { '/var/lib/dpkg/start/x': linkTo(tool) },
    },
    {
      name: 'a folder in a variable whose parts are run',
      config: { cmd: ['/run'], env: ['PARTS=/start'] },
      things: {
        '/run': text('#!/bin/sh\nrun-parts "$PARTS"\n', executable),
        '/start/10-x': linkTo(tool),
      },
    },
    {
      name: 'a text without a mode that a loop reads',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nfor f in /start/*; do . "$f"; done\n', executable),
        '/start/x.envsh': text('tool &\n'),
        '/bin/tool': linkTo(tool),
      },
    },
    {
      name: 'a script of a package by its name',
      config: { cmd: ['npm', 'start'], workingDirectory: '/usr/src/app' },
      things: { '/usr/src/app/package.json': text(`{"scripts":{"start":"${tool} -x"}}`) },
    },
    {
      name: 'what runs before a script of a package, and is a script by a name',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\ncd /srv/a/b\nexec yarn dev\n', executable),
        '/srv/a/b/package.json': text(
          '{"scripts":{"dev":"echo","predev":"pnpm run x:y","x:y":"t -n"}}',
        ),
        '/srv/a/b/node_modules/.bin/t': linkTo(tool),
      },
    },
    {
      name: 'a program of a package by its name',
      config: { cmd: ['npx', 'thing'], workingDirectory: '/srv/a' },
      things: { '/srv/a/node_modules/.bin/thing': linkTo(tool) },
    },
    {
      name: 'the main file of a folder for node',
      config: { cmd: ['node', '.'], workingDirectory: '/srv/a' },
      things: {
        '/srv/a/package.json': text('{"main":"main"}'),
        '/srv/a/main': linkTo(tool),
      },
    },
    {
      name: 'a file of make',
      config: { cmd: ['make', 'run'], workingDirectory: '/usr/src/app' },
      things: {
        '/usr/src/app/Makefile': text('run:\n\ttool\n'),
        '/bin/tool': linkTo(tool),
      },
    },
    {
      name: 'a file of make behind an option',
      config: { cmd: ['make', '-f', '/usr/src/app/x.mk', 'run'] },
      things: { '/usr/src/app/x.mk': text('run:\n\ttool\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a list of processes in the working directory',
      config: { cmd: ['honcho', 'start'], workingDirectory: '/app' },
      things: { '/app/Procfile': text('web: tool\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a list of processes behind an option',
      config: { cmd: ['foreman', 'start', '-f', 'a/b/c/Procfile.x'] },
      things: { '/a/b/c/Procfile.x': text('web: tool\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a command of a watcher',
      config: { cmd: ['circusd', '/etc/circus.ini'] },
      things: { '/etc/circus.ini': text('[watcher:a]\ncmd = tool\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a script of an ecosystem of processes',
      config: { cmd: ['pm2-runtime', '/srv/a/b/ecosystem.json'] },
      things: {
        '/srv/a/b/ecosystem.json': text('{"apps":[{"name":"a","script":"tool"}]}'),
        '/bin/tool': linkTo(tool),
      },
    },
    {
      name: 'a default of a variable',
      config: { cmd: ['sh', '-c', `exec "$\{X:-$\{Y-tool}}"`] },
      things: { '/bin/tool': linkTo(tool) },
    },
    {
      name: 'the root of a process',
      config: { cmd: ['sh', '-c', `exec /proc/self/root${tool}; /proc/1/root/x`] },
      things: {},
    },
    {
      name: 'the working directory of a process',
      config: { cmd: ['sh', '-c', '/proc/$$/cwd/bin/tool'], workingDirectory: '/opt' },
      things: {},
    },
    {
      name: 'an escaped character of a unit',
      config: { cmd: ['/sbin/init'] },
      things: {
        '/sbin/init': linkTo('/bin/busybox'),
        '/etc/systemd/system/x.service': text('[Service]\nExecStart=/opt/bin/to\\x6fl\n'),
      },
      want: 'service',
    },
    {
      name: 'a folder of libraries that a script sets',
      config: { cmd: ['/run'] },
      things: { '/run': text('#!/bin/sh\nexport LD_LIBRARY_PATH=/opt/bin\n', executable) },
    },
    {
      name: 'a relative folder of libraries',
      config: { cmd: ['/run'] },
      things: { '/run': text('#!/bin/sh\ncd /opt\nexport LD_LIBRARY_PATH=bin\n', executable) },
    },
    {
      name: 'a library that a script has loaded by its name',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nexport LD_PRELOAD=libt.so\n', executable),
        '/usr/lib/x86_64-linux-gnu/libt.so': linkTo(tool),
      },
    },
    {
      name: 'a folder of libraries for a loader that is the command',
      config: { cmd: ['/lib/ld.so', '--library-path', '/opt/bin', '/srv/app'] },
      things: {},
    },
    {
      name: 'a library for a loader that is the command',
      config: { cmd: ['/lib/ld.so', '--preload', 'libt.so', '/srv/app'] },
      things: { '/usr/lib/libt.so': linkTo(tool) },
    },
    {
      name: 'a starter in the first line of a script',
      config: { cmd: ['/run'] },
      things: { '/run': text(`#!/bin/busybox setsid ${tool}\n`, executable) },
    },
  ];
  for (const { name, config, things, want = 'mentioned' } of cases) {
    it(name, () => {
      const found = exposuresIn({ ...image, ...things }, configOf(config)).get(tool);
      assert.ok(
        [want, 'started', 'interpreter'].includes(found?.reached?.how ?? 'nothing'),
        JSON.stringify(found?.reached),
      );
    });
  }

  const open: readonly {
    name: string;
    config: Partial<ImageConfig>;
    things: Things;
    by: string;
  }[] = [
    {
      name: 'a text for a shell that is not kept',
      config: { cmd: ['sh', '/srv/a/b/data.json'] },
      things: { '/srv/a/b/data.json': text(line) },
      by: '/srv/a/b/data.json',
    },
    {
      name: 'a text with a zero byte',
      config: { cmd: ['/bin/sh', '-c', '. /srv/x'] },
      things: { '/srv/x': text(`:\n\0\n${line}`) },
      by: '/srv/x',
    },
    {
      name: 'a text of another language that a shell reads',
      config: { cmd: ['sh', '/run'] },
      things: { '/run': text(`#!/usr/bin/python3\n${line}`) },
      by: '/run',
    },
    {
      name: 'an executable text that is not kept',
      config: { cmd: ['/srv/a/b/x.js'] },
      things: { '/srv/a/b/x.js': text(line, executable) },
      by: '/srv/a/b/x.js',
    },
    {
      name: 'more texts than the budget',
      config: { cmd: Array.from({ length: 4200 }, (_, at) => `/s${at}`) },
      things: Object.fromEntries(
        Array.from({ length: 4200 }, (_, at) => [`/s${at}`, text('#!/bin/sh\n')]),
      ),
      by: 'more texts than are followed',
    },
  ];
  for (const { name, config, things, by } of open) {
    it(`${name} leaves the start not read whole`, () => {
      const found = exposuresIn({ ...image, ...things }, configOf(config)).get(tool);
      assert.deepEqual(found?.reached, { how: 'unread', by });
    });
  }

  const mention = `#!/bin/sh\n${'x=/usr/share/stock\n'.repeat(40)}ls /usr/share/stock\n`;
  const closed: readonly { name: string; config: Partial<ImageConfig>; things: Things }[] = [
    {
      name: 'data for another program',
      config: { cmd: ['/srv/app', '/srv/a/b/data.json'] },
      things: { '/srv/a/b/data.json': text(line) },
    },
    {
      name: 'an archive that Java is given',
      config: { cmd: ['java', '-jar', '/app.jar'] },
      things: { '/app.jar': text(`#!/bin/bash\n${'x'.repeat(1 << 24)}`) },
    },
    {
      name: 'a bare word of settings',
      config: { cmd: ['/srv/app', '/etc/x.conf'] },
      things: { '/etc/x.conf': text('tool is good\n'), '/bin/tool': linkTo(tool) },
    },
    {
      name: 'a folder that a script names often, and runs nothing of',
      config: { cmd: ['/run'] },
      things: {
        '/run': text(mention, executable),
        '/usr/share/stock/tool': linkTo(tool),
        '/usr/share/stock/Etc/GMT': text('TZif\0', executable),
      },
    },
    {
      name: 'a loop over data that only lists it',
      config: { cmd: ['/run'] },
      things: {
        '/run': text('#!/bin/sh\nfor f in /srv/data/*; do wc -c "$f"; done\n', executable),
        '/srv/data/GMT': text('TZif\0', executable),
      },
    },
    {
      name: 'the list of a package in a folder whose files are listed',
      config: { cmd: ['/run'] },
      things: {
        '/run': text(
          '#!/bin/sh\nfor f in /var/lib/dpkg/info/*; do cat "$f"; done\nexec "$@"\n',
          executable,
        ),
        '/var/lib/dpkg/info/tool.list': text(`/opt/bin\n${tool}\n`),
      },
    },
    {
      name: 'a comment behind a quote that spans lines',
      config: { cmd: ['/run'] },
      things: {
        '/run': text(`#!/bin/sh\na='x\ny'\n# ${tool} isn't started\n`, executable),
      },
    },
    {
      name: 'a script of a package that nothing mentions',
      config: { cmd: ['npm', 'start'], workingDirectory: '/app' },
      things: { '/app/package.json': text(`{"scripts":{"start":"echo","build":"${tool}"}}`) },
    },
    {
      name: 'a list of make where nothing makes',
      config: { cmd: ['/srv/app', 'run'], workingDirectory: '/app' },
      things: { '/app/Makefile': text(`run:\n\t${tool}\n`) },
    },
    {
      name: 'the profile of a shell that runs a command',
      config: { cmd: ['sh', '-c', '/srv/app'] },
      things: { '/etc/profile': text(line) },
    },
  ];
  for (const { name, config, things } of closed) {
    it(`${name} leads nowhere`, () => {
      const found = exposuresIn({ ...image, ...things }, configOf(config)).get(tool);
      assert.equal(found?.reached, null);
    });
  }
});
