import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

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
