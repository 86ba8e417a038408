import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const busybox = {
  whose: 'distribution',
  component: {
    ecosystem: 'apk',
    name: 'busybox',
    version: '1',
    purl: 'pkg:apk/alpine/busybox@1',
    group: 'busybox',
  },
  because: 'the package database names it',
} as const;
const yours = { whose: 'yours', component: null, because: 'no package brings it' } as const;

const program = (path: string, isPackaged: boolean, verdicts: readonly JudgedVerdict[]) =>
  binary({
    path,
    facts: factsWith({ ownership: known(isPackaged ? busybox : yours) }),
    verdicts,
  });

const medium = verdict({ rule: 'pie', severity: 'medium' });
const note = verdict({ rule: 'build-id', severity: 'note' });
const undecided = verdict({ rule: 'relro', outcome: 'unknown', severity: 'low' });

const line = '\nDISTRIBUTION  1 file of 1 package: 1 medium\n  medium    busybox 1: pie 1\n';
const short = '\nDISTRIBUTION  1 file: 1 medium (--packages)\nGATE HOLDS: ';
const packaged = [
  program('/bin/busybox', true, [medium, note]),
  program('/bin/other', true, [note, undecided]),
];

describe('the text report says a line for each package of files that the distribution made', () => {
  it('and nothing else of them', async () => {
    const text = await render('text', report([target({ binaries: packaged })]));
    assert.ok(text.includes(short), text);
    assert.doesNotMatch(text, /^\/bin/m);
  });

  it('behind what the author of the image added', async () => {
    const binaries = [...packaged, program('/app', false, [medium])];
    const text = await render('text', report([target({ binaries })]));
    assert.ok(text.indexOf('\n/app\n') < text.indexOf(line), text);
    assert.match(text, /^YOURS {2}1 file: 1 medium\n\/app\n {2}medium {4}pie: pie says so$/m);
    assert.doesNotMatch(text, /^\/bin/m);
  });

  it('counts those that break the gate in the first line', async () => {
    const text = await render('text', report([target({ binaries: packaged })], 'medium'));
    assert.match(text, /^GATE BROKEN by 1 file of the distribution\n/);
  });

  it('and names the files with --all, and the packages with --packages', async () => {
    const text = await render('text', report([target({ binaries: packaged })]), { all: true });
    assert.match(text, /^\/bin\/busybox$/m);
    assert.match(text, /^\/bin\/other$/m);
    const listed = await render('text', report([target({ binaries: packaged })]), {
      packages: true,
    });
    assert.match(listed, /^busybox 1 {2}\(\/bin\/busybox\)\n {2}medium {4}pie: /m);
  });

  it('and three lines of an image where nothing was found in them', async () => {
    const pass = verdict({ rule: 'pie', outcome: 'pass' });
    const binaries = [program('/bin/busybox', true, [pass, note])];
    const text = await render('text', report([target({ binaries })]));
    assert.equal(
      text,
      [
        'GATE HOLDS',
        'app:1.0  linux/amd64  1 binary (1 of the distribution)',
        'GATE HOLDS: no finding of severity high or above in 1 binary',
        '',
      ].join('\n'),
    );
  });
});
