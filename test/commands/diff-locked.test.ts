import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-diff-locked-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const run = hullcheckIn(folder);

for (const [release, sample] of [
  ['a', 'hardened'],
  ['b', 'norelro'],
] as const) {
  mkdirSync(join(folder, release));
  const from = join(repositoryRoot, `samples/elf/x86_64-glibc-gcc-pie-${sample}`);
  copyFileSync(from, join(folder, release, 'svc'));
}
writeFileSync(
  join(folder, 'org.yaml'),
  'gate: {fail-on: critical}\nlocked: [gate, rules, waivers, exclude]\n',
);
const lost = [
  ...['bind-now', 'control-flow-protection', 'fortify-source', 'relro'],
  ...['stack-clash-protection', 'stack-protector'],
];
const ruleless = `{${lost.map((rule) => `${rule}: off`).join(', ')}}`;
const policies = {
  waived: `waivers: [{rules: [${lost.join(', ')}], path: "**", reason: so}]`,
  off: `rules: ${ruleless}`,
  'off for some files': `overrides: [{path: "**", rules: ${ruleless}}]`,
  excluded: 'exclude: ["**"]\ngate: {allow-empty: true}',
  'a dependency': 'dependencies: [{name: svc, path: "/svc", reason: so}]',
};

describe('a saved report as the new side, under a lock, is judged by the policy in force', () => {
  run(['a', '-o', 'json=a.json']);
  const wants: Readonly<Record<keyof typeof policies, number>> = {
    waived: 1,
    off: 1,
    'off for some files': 1,
    excluded: 3,
    'a dependency': 1,
  };
  for (const [name, yaml] of Object.entries(policies))
    it(`one that was judged with ${name}`, () => {
      writeFileSync(join(folder, 'loose.yaml'), yaml);
      run(['b', '--config', 'loose.yaml', '-o', 'json=b.json']);
      const { status, stdout, stderr } = run(['diff', 'a.json', 'b.json', '--extends', 'org.yaml']);
      assert.equal(status, wants[name as keyof typeof policies], stdout + stderr);
    });

  it('one that was asked some rules, as judge refuses it', () => {
    for (const side of ['a', 'b']) run([side, '--rule', 'pie', '-o', `json=${side}-pie.json`]);
    const { status, stderr } = run(['diff', 'a-pie.json', 'b-pie.json', '--extends', 'org.yaml']);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /b-pie\.json: \d+ rules not asked: gate is locked by org\.yaml/);
  });

  it('and without a lock by its own', () => {
    writeFileSync(join(folder, 'loose.yaml'), policies.waived);
    run(['b', '--config', 'loose.yaml', '-o', 'json=b.json']);
    assert.equal(run(['diff', 'a.json', 'b.json']).status, 0);
  });
});
