import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import type { Gate, TargetReport } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const good = [binary({ path: '/app', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] })];
const bad = [binary({ path: '/app', verdicts: [verdict({ rule: 'pie' })] })];
const image = (more: Partial<TargetReport> = {}) => target({ binaries: good, ...more });
const others = { otherPlatforms: ['linux/arm64', 'linux/riscv64'] };

const judged = (targets: readonly TargetReport[], gate: Partial<GateConditions>) =>
  report(targets, 'high', plainPolicy(gate));

interface Case {
  readonly name: string;
  readonly targets: readonly TargetReport[];
  readonly gate?: Partial<GateConditions>;
  readonly want: Gate['state'];
  readonly because?: RegExp;
}

const all = { platforms: 'all' } as const;
const cases: readonly Case[] = [
  {
    name: 'an image of which one platform was judged is undecided',
    targets: [image(others)],
    want: 'undecided',
    because:
      /^1 of 3 platforms judged, and gate\.platforms requires all of them \(--platform all\)$/,
  },
  {
    name: 'without the condition it holds, and the line says what was not judged',
    targets: [image(others)],
    gate: { platforms: undefined } as unknown as Partial<GateConditions>,
    want: 'holds',
    because: /; 1 of 3 platforms judged \(--platform all\)$/,
  },
  {
    name: 'an image without other platforms holds',
    targets: [image()],
    want: 'holds',
  },
  {
    name: 'so does one of which each platform was judged',
    targets: [image(), image({ platform: 'linux/arm64', digest: `sha256:${'ef'.repeat(32)}` })],
    want: 'holds',
  },
  {
    name: 'a finding in what was judged does not decide for the rest',
    targets: [image({ ...others, binaries: bad })],
    want: 'undecided',
    because: /^1 of 3 platforms judged, .*; already broken: 1 finding of severity high/,
  },
  {
    name: 'an image that may be empty has other platforms that may not be',
    targets: [image({ ...others, binaries: [] })],
    gate: { ...all, allowEmpty: true },
    want: 'undecided',
  },
  {
    name: 'what was not read is named next to it',
    targets: [
      image({ ...others, problems: [{ kind: 'damaged', where: 'layer', message: 'it ends' }] }),
    ],
    want: 'undecided',
    because: /^1 part could not be scanned \(layer\); 1 of 3 platforms judged/,
  },
  {
    name: 'of several images the one with other platforms is undecided',
    targets: [image({ name: 'a:1' }), image({ name: 'b:1', ...others })],
    want: 'undecided',
    because: /^1 of 2 images is undecided: b:1: 1 of 3 platforms judged/,
  },
];

describe('gate.platforms: all', () => {
  for (const { name, targets, gate = all, want, because = /./ } of cases)
    it(name, () => {
      const { gate: found } = judged(targets, gate);
      assert.equal(found.state, want, found.because);
      assert.match(found.because, because);
    });

  it('ends with exit code 3, and the record has the condition in each state', async () => {
    const undecided = judged([image(others)], all);
    assert.equal(exitCodeOf(undecided.gate), 3);
    assert.equal(undecided.gate.asked?.platforms, 'all');
    assert.equal(undecided.gate.held?.some(isOfPlatforms), false);
    const holds = judged([image()], all);
    assert.equal(exitCodeOf(holds.gate), 0);
    assert.equal(holds.gate.held?.some(isOfPlatforms), true);
    assert.deepEqual(readReport(await render('json', undecided)).gate, undecided.gate);
  });

  it('is said in every format', async () => {
    for (const format of [
      'text',
      'json',
      'jsonl',
      'sarif',
      'junit',
      'markdown',
      'html',
      'github',
    ]) {
      const text = await render(format, judged([image(others)], all));
      assert.match(text.replace(/\s+/g, ' '), /gate\.platforms requires all of them/, format);
    }
    const junit = await render('junit', judged([image(others)], all));
    assert.match(junit, /<testcase [^>]*name="all platforms judged"><error/);
  });

  it('has its remedy in --explain-gate', async () => {
    const explained = async (targets: readonly TargetReport[]) =>
      (await render('text', judged(targets, all), { explainGate: true })).replace(/\s+/g, ' ');
    const undecided = await explained([image(others)]);
    assert.match(undecided, /undecided 1 of 3 platforms judged/);
    assert.match(undecided, /- judge every platform of the image: --platform all/);
    assert.doesNotMatch(undecided, /--allow-empty/);
    assert.match(await explained([image()]), /holds all platforms judged: no platform/);
  });

  it('contradicts a report that says otherwise', () => {
    const { targets, ...rest } = judged([image()], all);
    const edited = targets.map((each) => ({ ...each, ...others }));
    assert.match(contradictionsIn({ ...rest, targets: edited }).join(), /was not judged/);
    assert.deepEqual(contradictionsIn(judged([image(others)], all)), []);
  });
});

function isOfPlatforms({ condition }: { readonly condition: string }): boolean {
  return condition === 'all platforms judged';
}
