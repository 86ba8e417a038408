import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/fact.ts';
import type { JudgedVerdict } from '../../src/report.ts';
import { render } from '../support/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/report-builder.ts';
import { somePackage } from '../support/some-package.ts';

const owner = somePackage({ name: 'busybox', purl: 'pkg:apk/alpine/busybox@1' });

const program = (path: string, isPackaged: boolean, verdicts: readonly JudgedVerdict[]) =>
  binary({ path, facts: factsWith({ package: known(isPackaged ? owner : null) }), verdicts });

const medium = verdict({ rule: 'pie', severity: 'medium' });
const note = verdict({ rule: 'build-id', severity: 'note' });
const undecided = verdict({ rule: 'relro', outcome: 'unknown', severity: 'low' });

const line = '2 binaries are as packaged: 1 medium, 2 note, 1 unknown (see --all)';
const packaged = [
  program('/bin/busybox', true, [medium, note]),
  program('/bin/other', true, [note, undecided]),
];

describe('the text report says one line of files that are as their packages brought them', () => {
  it('and nothing else of them', async () => {
    const text = await render('text', report([target({ binaries: packaged })]));
    assert.ok(text.includes(`\n\n${line}\n\nGATE HOLDS`), text);
    assert.equal(text.trimEnd().split('\n').length, 6);
  });

  it('beside what the author of the image added', async () => {
    const binaries = [...packaged, program('/app', false, [medium])];
    const text = await render('text', report([target({ binaries })]));
    assert.match(text, /^\/app$/m);
    assert.ok(text.includes(line), text);
    assert.doesNotMatch(text, /^\/bin/m);
    assert.match(text, /medium {4}pie: \/app$/m);
  });

  it('but names those that break the gate', async () => {
    const text = await render('text', report([target({ binaries: packaged })], 'medium'));
    assert.match(text, /^\/bin\/busybox$/m);
    assert.match(text, /^GATE BROKEN/m);
  });

  it('and lists them with --all', async () => {
    const text = await render('text', report([target({ binaries: packaged })]), { all: true });
    assert.match(text, /^\/bin\/busybox$/m);
    assert.match(text, /^\/bin\/other$/m);
    assert.doesNotMatch(text, /as packaged/);
  });

  it('and none where nothing was found in them', async () => {
    const pass = verdict({ rule: 'pie', outcome: 'pass' });
    const binaries = [program('/bin/busybox', true, [pass])];
    assert.doesNotMatch(await render('text', report([target({ binaries })])), /as packaged/);
  });
});
