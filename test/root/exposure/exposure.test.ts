import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ImageConfig } from '../../../src/base/image-config.ts';
import { findWriter } from '../../../src/root/exposure/overwritable.ts';
import {
  buildRoot,
  directory,
  linkTo,
  type Things,
  text,
} from '../../support/roots/root-builder.ts';
import { configOf } from './config-of.ts';
import { exposuresIn, image, program, script } from './exposures-in.ts';

describe('what the command line of an image reaches', () => {
  const cases = [
    { config: { entrypoint: ['/srv/app'] }, want: { '/srv/app': 'started' } },
    { config: { entrypoint: ['/srv/start'] }, want: { '/bin/busybox': 'interpreter' } },
    {
      config: { entrypoint: ['/srv/start.py'] },
      want: { '/bin/busybox': 'interpreter', '/usr/local/bin/python3': 'interpreter' },
    },
    {
      config: { entrypoint: ['/srv/start.with'] },
      want: { '/bin/busybox': 'interpreter', '/usr/local/bin/python3': 'interpreter' },
    },
    { config: { cmd: ['python3'] }, want: { '/usr/local/bin/python3': 'started' } },
    { config: { cmd: ['tool'], env: ['PATH=/opt/bin'] }, want: { '/opt/bin/tool': 'started' } },
    { config: { cmd: ['tool'] }, want: {} },
    { config: { cmd: ['./app'], workingDirectory: '/srv' }, want: { '/srv/app': 'started' } },
    { config: { cmd: ['../../../srv/app'] }, want: { '/srv/app': 'started' } },
  ];
  for (const { config, want } of cases) {
    it(JSON.stringify(config), () => {
      const found = [...exposuresIn(image, configOf(config))].flatMap(([path, { reached }]) =>
        reached === null ? [] : [[path, reached.how] as const],
      );
      assert.deepEqual(Object.fromEntries(found), want);
    });
  }
});

describe('what words of the command, of its scripts and of variables mention', () => {
  const tool = '/opt/bin/tool';
  const sh = (body: string) => text(`#!/bin/sh\n${body}`, { mode: 0o755 });
  const cases: readonly { name: string; config: Partial<ImageConfig>; things?: Things }[] = [
    { name: 'in quotes for a shell', config: { cmd: ['sh', '-c', `exec "${tool}"`] } },
    { name: 'behind another command', config: { cmd: ['sh', '-c', `echo "x"; ${tool} -v`] } },
    { name: 'behind a program that starts it', config: { cmd: ['xargs', '-n5', tool] } },
    { name: 'by PATH', config: { cmd: ['xargs', 'tool'], env: ['PATH=/opt/bin'] } },
    { name: 'by a variable', config: { cmd: ['/srv/app'], env: [`LD_PRELOAD=/lib/x.so:${tool}`] } },
    {
      name: 'by the last line of a script',
      config: { entrypoint: ['/srv/run'] },
      things: { '/srv/run': sh(`set -e\nexec ${tool} "$@"\n`) },
    },
    {
      name: 'by a condition and an assignment of a script',
      config: { entrypoint: ['/srv/run'] },
      things: { '/srv/run': sh(`if true; then A=${tool}; fi\n"$A" &\nwait\n`) },
    },
    {
      name: 'from a folder that the script enters',
      config: { entrypoint: ['/srv/run'] },
      things: { '/srv/run': sh('cd /opt/bin || exit\nexec ./tool\n') },
    },
    {
      name: 'by a script that a script starts',
      config: { entrypoint: ['/srv/run'] },
      things: { '/srv/run': sh('. /srv/more\n'), '/srv/more': sh(`${tool}\n`) },
    },
  ];
  for (const { name, config, things = {} } of cases) {
    it(name, () => {
      const found = exposuresIn({ ...image, ...things }, configOf(config)).get(tool);
      assert.equal(found?.reached?.how, 'mentioned');
    });
  }

  const comments = [
    { line: `# ${tool}`, want: undefined },
    { line: `   # neither dash nor ${tool} has arrays`, want: undefined },
    { line: `exec /srv/app # not ${tool}`, want: undefined },
    { line: `test $# -gt 0 || exec ${tool}`, want: 'mentioned' },
    { line: `x="a # b" ${tool}`, want: 'mentioned' },
    { line: `\${x/ # /y}; ${tool}`, want: 'mentioned' },
    { line: `echo a#b; ${tool}`, want: 'mentioned' },
  ];
  for (const { line, want } of comments) {
    it(`${want === undefined ? 'a comment leads nowhere' : 'what is not a comment counts'}: ${line}`, () => {
      const things = { ...image, '/srv/run': sh(`set -e\n${line}\n`) };
      const found = exposuresIn(things, configOf({ entrypoint: ['/srv/run'] })).get(tool);
      assert.equal(found?.reached?.how, want);
    });
  }

  it('and scripts that name each other, and a command of very many words, have an end', () => {
    const things = {
      ...image,
      '/srv/run': sh('exec /srv/more\n'),
      '/srv/more': sh('exec /srv/run\n'),
    };
    const words = Array.from({ length: 3000 }, (_, index) => `word-${index}`);
    const env = [`PATH=${Array.from({ length: 900 }, (_, index) => `/p${index}`).join(':')}`];
    const found = exposuresIn(things, configOf({ cmd: ['/srv/run', ...words, tool], env }));
    assert.deepEqual(found.get('/srv/app')?.reached, {
      how: 'unread',
      by: 'more names than are looked up',
    });
    assert.equal(found.get(tool)?.reached?.how, 'mentioned');
  });
});

describe('what services start', () => {
  const tool = '/opt/bin/tool';
  const unit = (line: string) => text(`[Unit]\nDescription=x\n[Service]\n${line}\n`);
  const cases: readonly {
    name: string;
    things: Things;
    by: string;
    config?: Partial<ImageConfig>;
  }[] = [
    {
      name: 'a health check',
      things: {},
      config: { healthcheck: [tool, '-v'] },
      by: 'the health check',
    },
    {
      name: 'a health check for a shell',
      things: {},
      config: { healthcheck: [`test -e /x && ${tool} || exit 1`] },
      by: 'the health check',
    },
    {
      name: 'a unit of systemd',
      things: { '/usr/lib/systemd/system/x.service': unit(`ExecStart=-!${tool} --serve`) },
      by: '/usr/lib/systemd/system/x.service',
    },
    {
      name: 'a unit, after what it starts first, on a second line',
      things: {
        '/etc/systemd/system/x.service': unit(`ExecStartPre=/bin/sh -c \\\n  "${tool} -v"`),
      },
      by: '/etc/systemd/system/x.service',
    },
    {
      name: 'what is added to a unit',
      things: {
        '/etc/systemd/system/x.service.d/own.conf': unit(`Environment="LD_PRELOAD=${tool}"`),
      },
      by: '/etc/systemd/system/x.service.d/own.conf',
    },
    {
      name: 'a script that a unit starts',
      things: {
        '/lib/systemd/system/x.service': unit('ExecStart=/srv/run'),
        '/srv/run': text(`#!/bin/sh\nexec ${tool}\n`, { mode: 0o755 }),
      },
      by: '/srv/run',
    },
    {
      name: 'a service of OpenRC',
      things: { '/etc/init.d/x': text(`#!/sbin/openrc-run\ncommand="${tool}"\n`) },
      by: '/etc/init.d/x',
    },
    {
      name: 'an inittab',
      things: { '/etc/inittab': text(`::respawn:${tool} -d\n`) },
      by: '/etc/inittab',
    },
    {
      name: 'a run script of s6',
      things: { '/etc/services.d/x/run': text(`#!/usr/bin/execlineb -P\n${tool}\n`) },
      by: '/etc/services.d/x/run',
    },
    {
      name: 'a run script of runit',
      things: { '/etc/sv/x/run': text(`#!/bin/sh\nexec chpst -u web ${tool}\n`) },
      by: '/etc/sv/x/run',
    },
    {
      name: 'a program of supervisord',
      things: { '/etc/supervisor/conf.d/x.conf': text(`[program:x]\ncommand = ${tool} -n\n`) },
      by: '/etc/supervisor/conf.d/x.conf',
    },
    {
      name: 'a table of cron',
      things: { '/etc/cron.d/x': text(`5 4 * * * root cd / && ${tool}\n`) },
      by: '/etc/cron.d/x',
    },
    {
      name: 'a service of D-Bus',
      things: {
        '/usr/share/dbus-1/system-services/x.service': text(`[D-BUS Service]\nExec=${tool}\n`),
      },
      by: '/usr/share/dbus-1/system-services/x.service',
    },
  ];
  const more: typeof cases = [
    {
      name: 'an inittab behind a dash',
      things: { '/etc/inittab': text(`::respawn:-${tool}\n`) },
      by: '/etc/inittab',
    },
    {
      name: 'a socket',
      things: {
        '/etc/systemd/system/x.socket': text(`[Socket]\nListenStream=1\nExecStartPre=${tool}\n`),
      },
      by: '/etc/systemd/system/x.socket',
    },
    {
      name: 'a unit that is a link',
      things: {
        '/opt/x/x.service': unit(`ExecStart=${tool}`),
        '/etc/systemd/system/x.service': linkTo('/opt/x/x.service'),
      },
      by: '/etc/systemd/system/x.service',
    },
    {
      name: 'a run script that is a link to it',
      things: { '/etc/services.d/x/run': linkTo(tool) },
      by: '/etc/services.d/x/run',
    },
    {
      name: 'a folder of services that is a link',
      things: {
        '/srv/sv/x/run': text(`#!/bin/sh\nexec ${tool}\n`),
        '/etc/service': linkTo('/srv/sv'),
      },
      by: '/etc/service/x/run',
    },
    {
      name: 'a link among the hourly files of cron',
      things: { '/etc/cron.hourly/x': linkTo(tool) },
      by: '/etc/cron.hourly/x',
    },
    {
      name: 'a link among generators of systemd',
      things: { '/usr/lib/systemd/system-generators/x': linkTo(tool) },
      by: '/usr/lib/systemd/system-generators/x',
    },
    {
      name: 'a link among scripts of a runlevel',
      things: { '/etc/rc3.d/S01x': linkTo(tool) },
      by: '/etc/rc3.d/S01x',
    },
    {
      name: 'a service of dinit',
      things: { '/etc/dinit.d/boot': text(`type = process\ncommand = ${tool}\n`) },
      by: '/etc/dinit.d/boot',
    },
    {
      name: 'monit',
      things: { '/etc/monitrc': text(`check process x\n  start program = "${tool}"\n`) },
      by: '/etc/monitrc',
    },
    {
      name: 'a service of many lines',
      things: { '/etc/init.d/x': text(`#!/bin/sh\n${':\n'.repeat(40_000)}${tool}\n`) },
      by: '/etc/init.d/x',
    },
  ];
  for (const { name, things, by, config = {} } of [...cases, ...more]) {
    it(name, () => {
      const found = exposuresIn(
        { ...image, '/sbin/init': program('init'), ...things },
        configOf({ cmd: ['/sbin/init'], ...config }),
      );
      assert.deepEqual(found.get(tool)?.reached, { how: 'service', by });
    });
  }

  const unit1 = { '/usr/lib/systemd/system/x.service': unit(`ExecStart=${tool}`) };
  const inits: readonly {
    name: string;
    config: Partial<ImageConfig>;
    things?: Things;
    want: string;
  }[] = [
    {
      name: 'does not run when a shell is started',
      config: { cmd: ['/bin/sh'] },
      want: 'installed',
    },
    {
      name: 'does not run when a program is started',
      config: { cmd: ['/srv/app'] },
      want: 'installed',
    },
    {
      name: 'does not run where a comment names an init',
      config: { entrypoint: ['/srv/run'] },
      things: {
        '/sbin/init': program('init'),
        '/srv/run': text('#!/bin/sh\n# needs no /sbin/init\nexec /srv/app\n', { mode: 0o755 }),
      },
      want: 'installed',
    },
    {
      name: 'runs under systemd by a link',
      config: { cmd: ['/sbin/init'] },
      things: {
        '/sbin/init': linkTo('/lib/systemd/systemd'),
        '/lib/systemd/systemd': program('systemd'),
      },
      want: 'service',
    },
    {
      name: 'runs under a link of another name to systemd',
      config: { cmd: ['/start'] },
      things: {
        '/start': linkTo('/lib/systemd/systemd'),
        '/lib/systemd/systemd': program('systemd'),
      },
      want: 'service',
    },
    {
      name: 'runs where a script ends in a supervisor',
      config: { entrypoint: ['/srv/run'] },
      things: {
        '/usr/bin/supervisord': script('/usr/bin/env python3'),
        '/srv/run': text('#!/bin/sh\nexec /usr/bin/supervisord -n\n', { mode: 0o755 }),
      },
      want: 'service',
    },
    {
      name: 'runs where a shell starts cron and the program',
      config: { cmd: ['sh', '-c', '/usr/sbin/cron && exec /srv/app'] },
      things: { '/usr/sbin/cron': program('cron') },
      want: 'service',
    },
    {
      name: 'runs under an applet without a link',
      config: { cmd: ['/bin/busybox', 'runsvdir', '/etc/sv'] },
      want: 'service',
    },
    { name: 'may run in an image without a command', config: {}, want: 'service' },
    {
      name: 'may be started behind more scripts than are read',
      config: { cmd: Array.from({ length: 4200 }, (_, index) => `/srv/s${index}`) },
      things: Object.fromEntries(
        Array.from({ length: 4200 }, (_, index) => [`/srv/s${index}`, script('/bin/sh')]),
      ),
      want: 'unread',
    },
  ];
  for (const { name, config, things = {}, want } of inits) {
    it(`a unit that is installed ${name}`, () => {
      const found = exposuresIn({ ...image, ...unit1, ...things }, configOf(config));
      assert.equal(found.get(tool)?.reached?.how, want);
    });
  }

  it('counts in a root that is not an image', () => {
    const things = { ...image, '/etc/inittab': text(`::respawn:${tool}\n`) };
    assert.equal(exposuresIn(things, null).get(tool)?.reached?.how, 'service');
  });

  const unreached: readonly { name: string; things: Things }[] = [
    { name: 'a comment', things: { '/etc/init.d/x': text(`#!/bin/sh\n# ${tool}\n`) } },
    {
      name: 'what a unit describes',
      things: { '/etc/systemd/system/x.service': unit(`#ExecStart=${tool}`) },
    },
    {
      name: 'another setting of a unit',
      things: { '/etc/systemd/system/x.service': unit(`ConditionFileIsExecutable=${tool}`) },
    },
    {
      name: 'what the command reaches first',
      things: { '/etc/inittab': text('::respawn:/srv/app\n') },
    },
  ];
  for (const { name, things } of unreached) {
    it(`${name} is nothing that a service starts`, () => {
      const found = exposuresIn({ ...image, ...things }, configOf({ cmd: ['/srv/app'] }));
      assert.equal(found.get(tool)?.reached ?? null, null);
      assert.equal(found.get('/srv/app')?.reached?.how, 'started');
    });
  }
});

describe('exposure', () => {
  it('knows setuid programs and PATH, through links too', () => {
    const exposures = exposuresIn(
      { ...image, '/usr/bin/t': linkTo('/opt/bin/tool') },
      configOf({ user: 'web' }),
    );
    assert.deepEqual(exposures.get('/opt/bin/tool'), {
      privileged: true,
      reached: null,
      onPath: true,
      runtimeUser: { name: 'web', uid: 101 },
    });
    assert.equal(exposures.get('/srv/app')?.onPath, false);
  });

  const users = [
    { user: '', uid: 0 },
    { user: 'web:web', uid: 101 },
    { user: '1000:1000', uid: 1000 },
    { user: 'nobody-knows', uid: null },
  ];
  for (const { user, uid } of users) {
    it(`USER "${user}" is ${uid}`, () => {
      const exposure = exposuresIn(image, configOf({ user })).get('/srv/app');
      assert.deepEqual(exposure?.runtimeUser, { name: user, uid });
    });
  }

  it('the environment is read as often for any number of words', () => {
    const readsOf = (words: number) => {
      const cmd = Array.from({ length: words }, (_, at) => `word${at}`);
      let reads = 0;
      const config = Object.defineProperty(configOf({ cmd }), 'env', {
        get: () => {
          reads += 1;
          return [];
        },
      });
      exposuresIn(image, config);
      return reads;
    };
    assert.equal(readsOf(1000), readsOf(1));
  });

  it('a uid in /etc/passwd that is not a number is 0, as runtimes start it', () => {
    const things = { ...image, '/etc/passwd': text('odd:x:none:7::/:/bin/sh\n') };
    const exposure = exposuresIn(things, configOf({ user: 'odd' })).get('/srv/app');
    assert.equal(exposure?.runtimeUser?.uid, 0);
  });
});

describe('who can replace a file', () => {
  const cases: readonly { name: string; things: Things; want: string }[] = [
    { name: 'root alone', things: { '/app/x': program('') }, want: 'nobody' },
    {
      name: 'everybody, by its mode',
      things: { '/app/x': program('', { mode: 0o757 }) },
      want: 'everybody /app/x',
    },
    { name: 'its owner', things: { '/app/x': program('', { uid: 7 }) }, want: 'user /app/x' },
    {
      name: 'its group',
      things: { '/app/x': program('', { mode: 0o775, gid: 7 }) },
      want: 'group /app/x',
    },
    {
      name: "root's group does not count",
      things: { '/app/x': program('', { mode: 0o775 }) },
      want: 'nobody',
    },
    {
      name: 'everybody, by a directory',
      things: { '/a': directory(0o777), '/a/b': directory(0o755), '/a/b/x': program('') },
      want: 'everybody /a',
    },
    {
      name: 'nobody in a sticky directory',
      things: { '/app': directory(0o1777), '/app/x': program('') },
      want: 'nobody',
    },
    {
      name: 'the owner of a directory',
      things: { '/app': directory(0o755, { uid: 7 }), '/app/x': program('') },
      want: 'user /app',
    },
    {
      name: 'not known where the root was unpacked by a user',
      things: { '/': directory(0o755, { uid: 1000 }), '/app/x': program('', { uid: 1000 }) },
      want: 'not known',
    },
  ];
  for (const { name, things, want } of cases) {
    it(name, () => {
      const root = buildRoot(things);
      const entry = [...root.entries()].find(({ path }) => path.endsWith('/x'));
      assert.ok(entry);
      const found = findWriter(root, entry);
      if (!found.known) assert.equal('not known', want);
      else {
        const { value } = found;
        assert.equal('through' in value ? `${value.who} ${value.through}` : value.who, want);
      }
    });
  }
});
