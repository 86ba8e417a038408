import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';

/** Programs of two machines, one of which brings its loader along. */
const files = {
  'x64/ld-musl-x86_64.so.1': 'x86_64-musl-gcc-loader',
  'x64/tool': 'x86_64-musl-clang-staticpie-strong-stripped',
  'arm64/tool': 'aarch64-glibc-gcc-nopie-bare',
};

const folder = mkdtempSync(join(tmpdir(), 'bundled-loader-'));
after(() => rmSync(folder, { recursive: true }));
for (const [path, sample] of Object.entries(files)) {
  mkdirSync(join(folder, 'dist', path, '..'), { recursive: true });
  cpSync(`samples/elf/${sample}`, join(folder, 'dist', path));
}
const hullcheck = hullcheckIn(folder);

describe('a loader that programs for one machine bring along', () => {
  for (const [place, outcome] of [
    ['dir:dist', 'fail'],
    ['rootfs:dist', 'not-applicable'],
  ] as const) {
    it(`${outcome === 'fail' ? 'leaves' : 'spares'} programs for others in ${place}, asked again too`, () => {
      hullcheck(['scan', place, '--no-cache', '--facts', '-o', 'json=scanned.json']);
      hullcheck(['judge', 'scanned.json', '-o', 'json=again.json']);
      for (const report of ['scanned.json', 'again.json'])
        assert.equal(pieOf(join(folder, report)), outcome, report);
    });
  }
});

function pieOf(report: string): unknown {
  const { targets } = JSON.parse(readFileSync(report, 'utf8'));
  const tool = targets[0].binaries.find(({ path }: { path: string }) => path === '/arm64/tool');
  return tool.verdicts.find(({ rule }: { rule: string }) => rule === 'pie').outcome;
}
