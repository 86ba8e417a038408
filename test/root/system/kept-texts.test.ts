import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keepsText } from '../../../src/root/system/kept-texts.ts';

const cases: readonly {
  name: string;
  path?: string;
  text: string;
  want: boolean | 'sparingly' | 'text';
}[] = [
  { name: 'accounts at their place', path: '/etc/passwd', text: '', want: true },
  {
    name: 'a path file at its place',
    path: '/etc/ld-musl-x86_64.path',
    text: 'lib',
    want: true,
  },
  { name: 'accounts elsewhere', text: 'root:x:0:0:root:/root:/bin/sh\n', want: 'sparingly' },
  { name: 'groups elsewhere', text: 'wheel::10:root\n', want: 'sparingly' },
  { name: 'paths elsewhere', text: '/lib:/usr/lib\n', want: 'sparingly' },
  { name: 'paths behind empty ones', text: '\n:/opt/lib', want: 'sparingly' },
  { name: 'a cache of glibc elsewhere', text: 'glibc-ld.so.cache1.1\0', want: 'sparingly' },
  { name: 'an old cache of glibc elsewhere', text: 'ld.so-1.7.0\0', want: 'sparingly' },
  { name: 'nothing', text: '', want: false },
  {
    name: 'a configuration of a kernel',
    path: '/boot/config-6.1.0',
    text: '#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.192 Kernel Configuration\n',
    want: true,
  },
  {
    name: 'a configuration of another project',
    path: '/boot/config-1.0',
    text: '#\n# Automatically generated file; DO NOT EDIT.\n# Busybox version: 1.36.1\n',
    want: false,
  },
  {
    name: 'a configuration of a kernel to build one with',
    path: '/usr/src/linux/config',
    text: '#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.192 Kernel Configuration\n',
    want: false,
  },
  {
    name: 'a comment of C in a folder of a system',
    path: '/usr/lib/x/y',
    text: '/* Copyright */',
    want: false,
  },
  { name: 'JavaScript', path: '/srv/app/src/x.js', text: '// Copyright', want: false },
  { name: 'a script for a shell', text: '#!/bin/sh\n', want: 'sparingly' },
  { name: 'a script for env', text: '#!/usr/bin/env bash\n', want: 'sparingly' },
  { name: 'a script for Python', text: '#!/usr/bin/python3\n', want: false },
  {
    name: 'a script for a shell behind a starter',
    text: '#!/command/with-contenv bash\n',
    want: 'sparingly',
  },
  {
    name: 'a script as long as entry points are',
    text: `#!/bin/sh\n${':\n'.repeat(9000)}`,
    want: 'sparingly',
  },
  {
    name: 'a script that is longer',
    text: `#!/bin/sh\n${':\n'.repeat(40_000)}`,
    want: 'sparingly',
  },
  {
    name: 'a script of a distribution',
    path: '/usr/bin/ldd',
    text: '#!/bin/sh\n',
    want: 'sparingly',
  },
  {
    name: 'a script of a package for dpkg',
    path: '/var/lib/dpkg/info/x.postinst',
    text: '#!/bin/sh\n',
    want: 'sparingly',
  },
  {
    name: 'a unit of systemd',
    path: '/usr/lib/systemd/system/x.service',
    text: '[Unit]\n',
    want: 'sparingly',
  },
  { name: 'a table of cron', path: '/etc/cron.d/x', text: '@daily root x\n', want: 'sparingly' },
  {
    name: 'settings of supervisord',
    path: '/opt/app/supervisord.conf',
    text: '[supervisord]\n',
    want: 'sparingly',
  },
  {
    name: 'a run script of s6',
    path: '/etc/s6-overlay/s6-rc.d/x/run',
    text: '#!/bin/x\n',
    want: 'sparingly',
  },
  { name: 'other settings', path: '/etc/nginx/nginx.conf', text: 'user x;\n', want: 'text' },
  { name: 'a unit elsewhere', path: '/opt/x.service', text: '[Unit]\n', want: 'text' },
  {
    name: 'a script of a module',
    path: '/app/node_modules/x/y.sh',
    text: '#!/bin/sh\n',
    want: 'sparingly',
  },
  { name: 'settings near the top', text: 'name: value\n', want: 'text' },
  {
    name: 'settings of a program',
    path: '/srv/app/x/settings.yaml',
    text: 'name: value\n',
    want: false,
  },
  {
    name: 'a text in a deep folder',
    path: '/srv/app/current/etc/start',
    text: 'exec x\n',
    want: 'text',
  },
  { name: 'functions of a system', path: '/lib/lsb/init-functions', text: '# x\n', want: 'text' },
  { name: 'a document', path: '/usr/share/doc/x/copyright', text: 'x\n', want: false },
  { name: 'a long text', path: '/srv/start', text: 'x\n'.repeat(40_000), want: false },
  { name: 'paths that are long', text: `/lib${':/usr/lib'.repeat(600)}`, want: 'text' },
];

describe('texts that loaders and runtimes read are kept wherever a link can lead to them', () => {
  for (const { name, path = '/opt/data', text, want } of cases) {
    test(name, () => {
      const bytes = Buffer.from(text, 'latin1');
      assert.equal(keepsText(path, bytes.subarray(0, 512), bytes.length), want);
    });
  }
});
