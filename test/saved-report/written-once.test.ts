import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const shared = () => binary({ path: '/bin/sh', verdicts: [verdict({ rule: 'pie' })] });
/** More than a small report has. */
const large = binary({
  path: '/zz',
  verdicts: [verdict({ rule: 'pie', message: 'x'.repeat(2 ** 20) })],
});
const own = (rule: string) => binary({ path: '/app', verdicts: [verdict({ rule })] });
const image = (name: string, rule: string, more = name === 'a' ? [large] : []) =>
  target({ name, binaries: [own(rule), shared(), ...more] });
const three = report([image('a', 'pie'), image('b', 'relro'), image('c', 'relro')]);

interface Written {
  readonly targets: { readonly binaries: Record<string, unknown>[] }[];
}

async function written(of: Report, facts = false): Promise<Written> {
  return JSON.parse(await render('json', of, { facts })) as Written;
}

describe('what several images have just so is written once', () => {
  it('with the place where it stands', async () => {
    const { targets } = await written(three);
    assert.deepEqual(
      targets.map(({ binaries }) => binaries.map(({ same }) => same)),
      [
        [undefined, undefined, undefined],
        [undefined, [0, 1]],
        [
          [1, 0],
          [0, 1],
        ],
      ],
    );
  });

  it('and is read back as it was', async () => {
    const read = readReport(await render('json', three));
    assert.deepEqual({ ...read, facts: undefined }, { ...three, facts: undefined });
    assert.equal(await render('json', read), await render('json', three));
  });

  it('with verdicts of its own: what is accepted in one image is not in another', async () => {
    const read = readReport(await render('json', three));
    const [first, second] = read.targets.map(({ binaries }) => binaries[1]?.verdicts[0]);
    assert.ok(first !== undefined && first !== second);
    const baseline = baselineOf(read.targets.slice(0, 1));
    assert.deepEqual(
      applyPolicy(read.targets, { ...plainPolicy(), baseline }).targets,
      applyPolicy(three.targets, { ...plainPolicy(), baseline }).targets,
    );
  });

  it('not in a small report, which scripts read as it stands', async () => {
    const small = report([image('a', 'pie', []), image('b', 'pie', []), image('c', 'pie', [])]);
    const { targets } = await written(small);
    assert.ok(targets.every(({ binaries }) => binaries.every((one) => !('same' in one))));
  });

  it('not in a report of one image, and not where all facts are written', async () => {
    const twice = report([
      target({ binaries: [large, shared(), { ...shared(), path: '/bin/ash' }] }),
    ]);
    for (const each of [await written(twice), await written(three, true)])
      assert.ok(each.targets.every(({ binaries }) => binaries.every((one) => !('same' in one))));
  });

  it('not where another thing of it differs', async () => {
    const waived = { reason: 'known', expires: null };
    const other = { ...shared(), verdicts: [verdict({ rule: 'pie', waived })] };
    const moved = { ...shared(), layer: 1 };
    for (const one of [other, moved]) {
      const { targets } = await written({
        ...three,
        targets: [target({ binaries: [shared(), large] }), target({ binaries: [one] })],
      });
      assert.equal(targets[1]?.binaries[0]?.['same'], undefined);
    }
  });
});

describe('a place that leads to no such binary is refused', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['itself', [1, 1]],
    ['one behind it', [2, 0]],
    ['another file', [0, 0]],
    ['no target', [9, 0]],
    ['no binary', [0, 9]],
    ['a part of a number', [0, 0.5]],
    ['a name', [0, 'length']],
    ['three numbers', [0, 1, 0]],
    ['no list', 1],
  ];
  for (const [name, same] of wrong)
    it(name, async () => {
      const document = await written(three);
      const place = document.targets[1]?.binaries[1];
      assert.ok(place !== undefined);
      place['same'] = same;
      assert.throws(() => readReport(JSON.stringify(document)), {
        message: /targets\[1\]\.binaries\[1\]\.same leads to no binary that is the same/,
      });
    });
});

describe('passes and facts that binaries of other files have just so are written once', () => {
  const evidence = [{ what: 'PT_INTERP', saw: 'a loader that is named in the file'.repeat(4) }];
  const brought = known(somePackage({ name: 'a-package-with-files' }));
  const file = (path: string, outcome: 'pass' | 'fail' = 'pass') =>
    binary({
      path,
      sha256: createHash('sha256').update(path).digest('hex'),
      facts: factsWith({ package: brought }),
      verdicts: [
        verdict({ rule: 'pie', outcome, message: 'is position-independent', evidence }),
        verdict({ rule: 'relro', outcome: 'fail', message: 'there is no PT_GNU_RELRO', evidence }),
      ],
    });
  const two = report([
    target({ name: 'a', binaries: [file('/a'), large] }),
    target({ name: 'b', binaries: [file('/b'), file('/c', 'fail')] }),
  ]);
  const verdictsOf = ({ targets }: Written, at: number) =>
    Reflect.get(targets[1]?.binaries[at] ?? {}, 'verdicts') as Record<string, unknown>[];

  it('with their places; what fails is written out', async () => {
    const document = await written(two);
    const [pass, fail] = verdictsOf(document, 0);
    assert.deepEqual(pass, { rule: 'pie', outcome: 'pass', same: [0, 0, 0] });
    assert.equal(fail?.['message'], 'there is no PT_GNU_RELRO');
    assert.equal(verdictsOf(document, 1)[0]?.['message'], 'is position-independent');
    const [{ facts } = {}] = document.targets[1]?.binaries ?? [];
    assert.deepEqual(Reflect.get(Object(facts), 'package'), { same: [0, 0] });
  });

  it('and are read back as they were', async () => {
    const text = await render('json', two);
    const read = readReport(text);
    assert.deepEqual(
      read.targets.map(({ binaries }) => binaries.map(({ verdicts }) => verdicts)),
      two.targets.map(({ binaries }) => binaries.map(({ verdicts }) => verdicts)),
    );
    assert.equal(await render('json', read), text);
  });

  it('not with --facts, and not in lines of JSON', async () => {
    assert.ok(!(await render('json', two, { facts: true })).includes('"same"'));
    assert.ok(!(await render('jsonl', two)).includes('"same"'));
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['itself', [1, 0, 0]],
    ['a binary behind it', [1, 1, 0]],
    ['another rule', [0, 0, 1]],
    ['no verdict', [0, 0, 9]],
    ['no binary', [0, 9, 0]],
    ['a name', [0, 0, 'length']],
    ['two numbers', [0, 0]],
    ['no list', 0],
  ];
  for (const [name, same] of wrong)
    it(`a place that leads to ${name} is refused`, async () => {
      const document = await written(two);
      const [place] = verdictsOf(document, 0);
      assert.ok(place !== undefined);
      place['same'] = same;
      assert.throws(() => readReport(JSON.stringify(document)), {
        message: /targets\[1\]\.binaries\[0\]\.verdicts\[0\]\.same leads to no verdict/,
      });
    });

  it('a place of a fact that leads to none is refused', async () => {
    const text = await render('json', two);
    const gone = text.replace('"package":{"same":[0,0]}', '"missing":{"same":[0,0]}');
    assert.notEqual(gone, text);
    assert.throws(() => readReport(gone), {
      message: /targets\[1\]\.binaries\[0\]\.facts\.missing\.same leads to no such fact/,
    });
  });
});
