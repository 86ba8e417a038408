import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import type { Gate, TargetReport } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

/** So many files of which relro says this. */
function image(name: string, passes: number, failures: number, more: Partial<TargetReport> = {}) {
  const of = (outcome: 'pass' | 'fail', count: number) =>
    Array.from({ length: count }, (_, at) =>
      binary({
        path: `/${outcome}${at}`,
        sha256: createHash('sha256').update(`${name}/${outcome}${at}`).digest('hex'),
        verdicts: [verdict({ rule: 'relro', outcome })],
      }),
    );
  const { counts, ...given } = target({ name, ...more });
  return target({ ...given, binaries: [...of('pass', passes), ...of('fail', failures)] });
}

const damaged = { problems: [{ kind: 'damaged', where: 'layer', message: 'it ends' }] } as const;
const file = { kind: 'file', scheme: 'file' } as const;
const wheel = { kind: 'package', scheme: 'zip' } as const;
const unreadable = { kind: 'file', scheme: 'unreadable', ...damaged } as const;

function judged(targets: readonly TargetReport[], gate: Partial<GateConditions>) {
  return report(targets, 'none', plainPolicy({ failOn: 'none', ...gate }));
}

interface Case {
  readonly name: string;
  readonly targets: readonly TargetReport[];
  readonly gate: Partial<GateConditions>;
  readonly states: readonly Gate['state'][];
  readonly want: Gate['state'];
  readonly because?: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'a good file that is given again, by a link or a copy, covers no more than once',
    targets: [
      image('bad', 0, 1, file),
      ...Array.from({ length: 3 }, () => image('good', 1, 0, file)),
    ],
    gate: { coverage: { relro: 60 } },
    states: ['broken', 'broken', 'broken', 'broken'],
    want: 'broken',
    because: /relro covers 1 of 2 binaries/,
  },
  {
    name: 'coverage of one image is not lent to another',
    targets: [image('good', 19, 0), image('bad', 0, 1)],
    gate: { coverage: { relro: 90 } },
    states: ['holds', 'broken'],
    want: 'broken',
    because: /^1 of 2 images breaks: bad: relro covers 0 of 1 binary, expected at least 90 %$/,
  },
  {
    name: 'a maximum is of each image, and not of their sum',
    targets: [image('one', 0, 1), image('two', 0, 1)],
    gate: { maximum: { relro: 1 } },
    states: ['holds', 'holds'],
    want: 'holds',
    because: /^every condition holds in 2 binaries, in each of 2 images$/,
  },
  {
    name: 'an image that breaks is named alongside those that hold',
    targets: [image('a', 1, 0), image('b', 0, 2), image('c', 0, 1)],
    gate: { failOn: 'high' },
    states: ['holds', 'broken', 'broken'],
    want: 'broken',
    because:
      /^2 of 3 images break: b: 2 findings of severity high or above in 2 of 2 binaries; c: 1/,
  },
  {
    name: 'an undecided image is worse than a broken one, which is named too',
    targets: [image('a', 0, 1), image('b', 1, 0, damaged), image('c', 1, 0)],
    gate: { failOn: 'high' },
    states: ['broken', 'undecided', 'holds'],
    want: 'undecided',
    because:
      /^1 of 3 images is undecided: b: 1 part could not be scanned \(layer\); 1 of 3 images breaks: a: 1 finding/,
  },
  {
    name: 'platforms of one image are images',
    targets: [
      image('app', 1, 0, { platform: 'linux/amd64' }),
      image('app', 0, 1, { platform: 'linux/arm64' }),
    ],
    gate: { coverage: { relro: 50 } },
    states: ['holds', 'broken'],
    want: 'broken',
    because: /app \(linux\/arm64\): relro covers 0 of 1/,
  },
  {
    name: 'packages are images',
    targets: [image('a', 9, 0, { kind: 'package' }), image('b', 0, 1, { kind: 'package' })],
    gate: { coverage: { relro: 90 } },
    states: ['holds', 'broken'],
    want: 'broken',
    because: /^1 of 2 packages breaks: b:/,
  },
  {
    name: 'files given one by one are judged together: of one of them nine tenths are nothing',
    targets: [...Array(9).keys()]
      .map((at) => image(`${at}.so`, 1, 0, file))
      .concat(image('x.so', 0, 1, file)),
    gate: { coverage: { relro: 90 } },
    states: Array(10).fill('holds'),
    want: 'holds',
    because: /^every condition holds in 10 binaries$/,
  },
  {
    name: 'and a maximum of files is not one for each of them',
    targets: [image('a.so', 0, 1, file), image('b.so', 0, 1, file)],
    gate: { maximum: { relro: 1 } },
    states: ['broken', 'broken'],
    want: 'broken',
    because: /^2 findings of relro, expected at most 1 in 2 of 2 binaries$|^2 findings of relro/,
  },
  {
    name: 'files alongside an image are one of two inputs',
    targets: [image('app', 1, 0), image('a.so', 1, 0, file), image('b.so', 0, 1, file)],
    gate: { coverage: { relro: 90 } },
    states: ['holds', 'broken', 'broken'],
    want: 'broken',
    because: /^1 of 2 inputs breaks: 2 files: relro covers 1 of 2/,
  },
  {
    name: 'what could not be opened may have been an image: it takes no answer from files',
    targets: [image('a.so', 1, 0, file), image('b.tar', 0, 0, unreadable)],
    gate: { failOn: 'high' },
    states: ['holds', 'undecided'],
    want: 'undecided',
    because: /^1 of 2 files is undecided: b\.tar: /,
  },
  {
    name: 'a package without an ELF file is a note next to others',
    targets: [image('nat', 1, 0, wheel), image('pure', 0, 0, wheel)],
    gate: { failOn: 'high' },
    states: ['holds', 'holds'],
    want: 'holds',
    because: /; no ELF file in 1 package \(pure\)/,
  },
  {
    name: 'packages without any ELF file are undecided',
    targets: [image('a', 0, 0, wheel), image('b', 0, 0, wheel)],
    gate: { failOn: 'high' },
    states: ['undecided', 'undecided'],
    want: 'undecided',
    because: /^2 of 2 packages are undecided: .*--allow-empty/,
  },
  {
    name: 'a package that could not be read is undecided next to others',
    targets: [image('nat', 1, 0, wheel), image('pure', 0, 0, { ...wheel, ...damaged })],
    gate: { failOn: 'high' },
    states: ['holds', 'undecided'],
    want: 'undecided',
    because: /^1 of 2 packages is undecided: pure: /,
  },
  {
    name: 'an image without an ELF file is undecided by itself',
    targets: [image('a', 1, 0), image('b', 0, 0)],
    gate: { failOn: 'high' },
    states: ['holds', 'undecided'],
    want: 'undecided',
    because: /^1 of 2 images is undecided: b: there is no ELF file to scan/,
  },
];

describe('each image has a gate of its own, and the run the worst of them', () => {
  for (const { name, targets, gate, states, want, because } of cases)
    it(name, () => {
      const found = judged(targets, gate);
      assert.deepEqual(
        found.targets.map((each) => each.gate?.state),
        states,
      );
      assert.equal(found.gate.state, want, found.gate.because);
      assert.match(found.gate.because, because ?? /./);
      const worst = Math.max(...found.targets.map((each) => exitCodeOf(each.gate ?? found.gate)));
      assert.equal(exitCodeOf(found.gate), worst);
    });

  it('of a single image it is the gate of the run', () => {
    const found = judged([image('a', 1, 1)], { failOn: 'high' });
    assert.deepEqual(found.targets[0]?.gate, found.gate);
  });

  it('the order of images changes no sentence', () => {
    const all = [image('a', 0, 1), image('b', 1, 0), image('c', 0, 2)];
    assert.deepEqual(
      judged(all, { failOn: 'high' }).gate,
      judged(all.toReversed(), { failOn: 'high' }).gate,
    );
  });
});

describe('every format has the gate of each image', () => {
  const both = judged([image('good:1', 19, 0), image('bad:1', 0, 1)], { coverage: { relro: 90 } });

  it('text, in front of the last line', async () => {
    const text = await render('text', both);
    assert.match(text, /\nGates\n {2}holds {6}good:1: every condition holds in 19 binaries\n/);
    assert.match(text, /\n {2}broken {5}bad:1: relro covers 0 of 1 binary/);
    assert.match(text, /\nGATE BROKEN: 1 of 2 images breaks: bad:1: relro/);
  });

  it('text that explains the gate, image by image', async () => {
    const text = await render('text', both, { explainGate: true });
    assert.match(text, /\ngood:1\nGATE HOLDS\n(?:.*\n)*bad:1\nGATE BROKEN/);
    assert.equal(text.match(/^CONDITIONS$/gm)?.length, 2);
  });

  it('JSON and lines of JSON', async () => {
    const whole = JSON.parse(await render('json', both));
    assert.deepEqual(
      whole.targets.map((each: { gate: Gate }) => each.gate.state),
      ['holds', 'broken'],
    );
    const lines = (await render('jsonl', both))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.filter(({ type }) => type === 'target').map(({ gate }) => gate.state),
      ['holds', 'broken'],
    );
  });

  it('SARIF, in the run of the image, with the state over all', async () => {
    const { runs } = JSON.parse(await render('sarif', both));
    const of = (at: number) => runs[at].properties;
    assert.deepEqual([of(0).gate.state, of(1).gate.state], ['holds', 'broken']);
    assert.deepEqual([of(0).gateOverAll.state, of(1).gateOverAll.state], ['broken', 'broken']);
  });

  it('JUnit, by a case that is called by its image', async () => {
    const text = await render('junit', both);
    assert.match(text, /name="coverage of relro at least 90 % \(bad:1\)"><failure/);
    assert.match(text, /GATE HOLDS of good:1: /);
  });

  it('Markdown, as a table with the worst first', async () => {
    const text = await render('markdown', both);
    assert.match(
      text,
      /\| ❌ broken \| `bad:1` \| relro covers 0 of 1.*\n\| ✅ holds \| `good:1` \|/,
    );
  });

  it('annotations of GitHub, for what does not hold', async () => {
    const text = await render('github', both);
    assert.match(text, /::error title=hullcheck%3A bad%3A1 is broken::relro covers 0 of 1/);
    assert.doesNotMatch(text, /good%3A1 is/);
  });

  it('the page', async () => {
    const text = await render('html', both);
    assert.match(
      text,
      /"gate":\{"state":"holds","because":"every condition holds in 19 binaries"\}/,
    );
  });
});

it('a saved report of a version with one gate over all is read, and shown as it was', async () => {
  const found = judged([image('a', 1, 0), image('b', 0, 1)], { failOn: 'high' });
  const old = { ...found, targets: found.targets.map(({ gate, ...rest }) => rest) };
  const read = readReport(
    await render('json', { ...old, gate: { ...old.gate, because: 'as then' } }),
  );
  const text = await render('text', read);
  assert.doesNotMatch(text, /^Gates$/m);
  assert.match(text, /\nGATE BROKEN: as then\n$/);
  assert.match(text, /relro/);
});

describe('of many images a person reads which is worst, and where to look', () => {
  const many = Array.from({ length: 26 }, (_, at) =>
    image(`registry.example/team-${at % 4}/service-${at}`, 1, at < 20 ? (at % 5) + 1 : 0, {
      ...(at > 23 ? damaged : {}),
    }),
  );
  const found = judged(many, { failOn: 'high' });

  it('the sentence counts states, names the worst, and is short', () => {
    const { because } = judged(many.slice(0, 24), { failOn: 'high' }).gate;
    assert.match(
      because,
      /^20 of 24 images break, most of all registry\.example\/team-0\/service-4: 5 findings of [^;]*; 4 hold$/,
    );
    assert.ok(because.length <= 160, because);
  });

  it('what is undecided comes first', () => {
    assert.match(
      found.gate.because,
      /^2 of 26 images are undecided: .*; 20 of 26 images break, most of all .*; 4 hold$/,
    );
  });

  it('Markdown is a table with the rules that break each, and findings to open', async () => {
    const lines = (await render('markdown', found)).split('\n');
    const seen = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('<details>')),
    );
    assert.equal(seen.filter((line) => line.startsWith('| ')).length, 27);
    assert.ok(seen.length < 27 + 12, `${seen.length} lines`);
    assert.match(seen.join('\n'), /service-4` \| 5 findings of severity.*\| `relro` 5 \|/);
  });
});

it('Markdown of one image with many findings has about 20 lines before what a reader opens', async () => {
  const binaries = Array.from({ length: 30 }, (_, at) =>
    binary({
      path: `/opt/b${at}`,
      verdicts: ['pie', 'relro', 'canary'].map((rule) => verdict({ rule })),
    }),
  );
  const notices = Array.from({ length: 12 }, (_, at) => `notice ${at}`);
  const made = report([target({ binaries })]);
  const { messages, ...policy } = made.policy;
  const text = await render('markdown', { ...made, policy: { ...policy, notices } });
  const folded = text.replaceAll(/<details>(<summary>.*<\/summary>)[\s\S]*?<\/details>/g, '$1');
  const lines = folded.split('\n').filter((line) => line !== '');
  assert.ok(lines.length <= 24, folded);
  assert.match(text, /<summary>9 more notices<\/summary>/);
  assert.match(text, /<summary>\d+ more findings<\/summary>/);
  assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
});
