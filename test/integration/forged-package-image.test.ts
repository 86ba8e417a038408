import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { configOf, json, tarOf, tarOfFiles } from '../sources/image-builder.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** A layer with a database that claims a badly built program for the distribution, its digest included. */
const folder = mkdtempSync(join(tmpdir(), 'forged-image-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bad = sampleBinary('x86_64-glibc-gcc-static-none-stripped');
const good = sampleBinary('x86_64-musl-gcc-staticpie-strong-stripped');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const stanza = `Package: tools
Status: install ok installed
Maintainer: Debian Tools <tools@lists.debian.org>
Architecture: amd64
Version: 1.2-3

`;

async function imageOf(name: string, mode: number, starts: string): Promise<string> {
  const layer = await tarOf([
    { name: 'etc/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
    { name: 'usr/bin/app', body: good, mode: 0o755 },
    { name: 'usr/sbin/tool', body: bad, mode },
    { name: 'var/lib/dpkg/status', body: stanza },
    { name: 'var/lib/dpkg/info/tools.list', body: '/usr/sbin/tool\n' },
    { name: 'var/lib/dpkg/info/tools.md5sums', body: `${md5(bad)}  usr/sbin/tool\n` },
  ]);
  const config = configOf({ layers: [layer], more: { config: { Entrypoint: [starts] } } });
  const manifest = json([
    { Config: 'config.json', RepoTags: [`${name}:1`], Layers: ['layer.tar'] },
  ]);
  const files = new Map([
    ['manifest.json', manifest],
    ['config.json', config],
    ['layer.tar', layer],
  ]);
  const path = join(folder, `${name}.tar`);
  writeFileSync(path, await tarOfFiles(files));
  return path;
}

const table = [
  { name: 'entrypoint', mode: 0o755, starts: '/usr/sbin/tool', want: 1 },
  { name: 'setuid', mode: 0o4755, starts: '/usr/bin/app', want: 1 },
  { name: 'setgid', mode: 0o2755, starts: '/usr/bin/app', want: 1 },
  { name: 'neither', mode: 0o755, starts: '/usr/bin/app', want: 0 },
];

describe('a program that a forged database claims for the distribution', () => {
  for (const { name, mode, starts, want } of table) {
    const verb = want === 1 ? 'breaks the gate' : 'is named as a deviation on the first screen';
    it(`${verb}: ${name}`, async () => {
      const path = await imageOf(name, mode, starts);
      const run = hullcheckIn(folder);
      const { status, stdout } = run([path, '--no-cache', '-o', 'json']);
      const [target] = JSON.parse(stdout).targets;
      const tool = target.binaries.find((each: { path: string }) => each.path === '/usr/sbin/tool');
      assert.equal(tool.facts.ownership.value.whose, 'distribution');
      assert.equal(status, want, JSON.parse(stdout).gate.because);
      const screen = run([path, '--no-cache']).stdout.split('\n').slice(0, 24).join('\n');
      assert.match(screen, /tools 1\.2-3/, screen);
      const strict = run([path, '--no-cache', '--profile', 'strict', '--gate-of', 'all']);
      assert.equal(strict.status, 1);
      assert.match(strict.stdout, /\/usr\/sbin\/tool|tools 1\.2-3/);
    });
  }
});
