import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { undecidedSentence } from '../../src/policy/undecided.ts';
import type { TargetReport } from '../../src/report/report.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const damaged = (rule: string, message = 'it ends too early') =>
  verdict({ rule, outcome: 'unknown', undecidedBy: 'damage', message });
const undecided = (rule: string, message: string) => verdict({ rule, outcome: 'unknown', message });
const takenBy = (by: string) => factsWith({ acceptance: { known: true, value: { by } } } as never);
const imageOf = (verdicts: readonly ReturnType<typeof verdict>[], facts?: Facts): TargetReport =>
  target({
    binaries: [binary({ path: '/bin/a', verdicts, ...(facts === undefined ? {} : { facts }) })],
  });

describe('what damage leaves undecided', () => {
  it('is one problem for a file and cause, however many rules it stops', () => {
    const rules = ['bind-now', 'pie', 'relro', 'stack-protector', 'well-formed'];
    const [judged] = report([imageOf(rules.map((rule) => damaged(rule)))]).targets;
    assert.deepEqual(judged?.problems, [
      {
        kind: 'damaged',
        where: '/bin/a',
        message: 'bind-now, pie, relro and 2 more rules cannot be decided: it ends too early',
        rules,
      },
    ]);
    assert.equal(judged?.counts.problems, 1);
  });

  it('names each reason once, and none that only says another one in more words', () => {
    const verdicts = [
      damaged('pie', 'the kind is not known: it is cut'),
      damaged('relro', 'it is cut'),
    ];
    const [judged] = report([imageOf(verdicts)]).targets;
    assert.match(judged?.problems[0]?.message ?? '', /decided: it is cut$/);
  });

  it('is a notice where nothing would run or load the file, or only a linker reads it', () => {
    const table = [
      { by: 'kernel', kind: 'image', want: 'damaged' },
      { by: 'loader', kind: 'image', want: 'damaged' },
      { by: 'nothing', kind: 'image', want: 'notice' },
      { by: 'linker', kind: 'image', want: 'notice' },
      { by: 'linker', kind: 'file', want: 'damaged' },
    ] as const;
    for (const { by, kind, want } of table) {
      const [file] = imageOf([damaged('pie')], takenBy(by)).binaries;
      assert.ok(file);
      const others = kind === 'file' ? [] : [binary({ path: '/bin/b' })];
      const given = target({ kind, binaries: [file, ...others] });
      const kinds = report([given]).targets[0]?.problems.map((problem) => problem.kind);
      assert.deepEqual([...new Set(kinds)], [want], `${by} in a ${kind}`);
    }
  });

  it('is weighed again when the report is judged again', () => {
    const policy = plainPolicy({ failOn: 'high' });
    const strict = applyPolicy([imageOf([damaged('pie')])], policy);
    assert.equal(strict.gate.state, 'undecided');
    const mild = applyPolicy(strict.targets, plainPolicy({ failOn: 'none' }));
    assert.deepEqual(
      mild.targets.flatMap(({ problems }) => problems.map(({ kind }) => kind)),
      ['notice'],
    );
    assert.equal(mild.gate.state, 'holds');
  });

  it('stays so in a saved report', async () => {
    const judged = report([imageOf([damaged('pie')])]);
    const read = readReport(await render('json', judged));
    assert.deepEqual(read.targets[0]?.problems, judged.targets[0]?.problems);
    assert.deepEqual(
      read.targets[0]?.binaries[0]?.verdicts,
      judged.targets[0]?.binaries[0]?.verdicts,
    );
    assert.deepEqual(read.gate, judged.gate);
  });
});

describe('a file that nothing can run or load', () => {
  const refused = (path: string) => {
    const acceptance = { known: true, value: { by: 'nothing', refusal: 'it is cut' } };
    return binary({ path, facts: factsWith({ acceptance } as never) });
  };
  const message = 'nothing can run or load this: it is cut';
  const table = [
    { name: 'as the input', given: { kind: 'file', binaries: [refused('/a')] }, want: ['damaged'] },
    {
      name: 'alongside others of an image',
      given: {
        kind: 'image',
        binaries: [
          refused('/a'),
          binary({ path: '/b', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] }),
        ],
      },
      want: ['notice'],
    },
    {
      name: 'among others like it only',
      given: { kind: 'image', binaries: [refused('/a'), refused('/b')] },
      want: ['damaged', 'damaged'],
    },
  ] as const;
  for (const { name, given, want } of table)
    it(`is ${want[0]} ${name}`, () => {
      const { targets, gate } = report([target(given)]);
      const problems = targets[0]?.problems ?? [];
      assert.deepEqual(
        problems.map(({ kind }) => kind),
        want,
      );
      for (const problem of problems) assert.equal(problem.message, message);
      assert.equal(gate.state, want[0] === 'notice' ? 'holds' : 'undecided');
    });
});

describe('the line of the gate', () => {
  const table = [
    {
      name: 'says nothing where all is decided',
      verdicts: [verdict({ rule: 'pie', outcome: 'pass' })],
      want: 'no finding of severity high or above in 1 binary',
    },
    {
      name: 'counts what no byte of the file decides, and says why',
      verdicts: [undecided('pie', 'no symbols'), undecided('relro', 'no symbols')],
      want: 'no finding of severity high or above in 1 binary; 2 verdicts of 2 rules undecided (pie, relro of /bin/a: no symbols)',
    },
    {
      name: 'leaves out rules that cannot break it',
      verdicts: [{ ...undecided('pie', 'no symbols'), severity: 'low' as const }],
      want: 'no finding of severity high or above in 1 binary',
    },
    {
      name: 'names the most frequent reasons and counts the others',
      verdicts: [
        undecided('a', 'third'),
        undecided('b', 'second'),
        undecided('c', 'second'),
        undecided('d', 'first'),
        undecided('e', 'first'),
        undecided('f', 'first'),
      ],
      want: 'no finding of severity high or above in 1 binary; 6 verdicts of 6 rules undecided (d, e and 1 more rule of /bin/a: first; b, c of /bin/a: second and 1 other reason)',
    },
    {
      name: 'names the file that could not be read whole',
      verdicts: [damaged('pie')],
      want: '1 file could not be read whole (/bin/a); 1 verdict of 1 rule undecided (pie of /bin/a: it ends too early)',
    },
  ];
  for (const { name, verdicts, want } of table)
    it(name, () => assert.equal(report([imageOf(verdicts)]).gate.because, want));
});

test('a long reason ends with a clause, else with a word', () => {
  const sentence = (because: string) =>
    undecidedSentence({
      verdicts: 1,
      rules: 1,
      damaged: 0,
      reasons: [{ because, verdicts: 1 }],
      otherReasons: 0,
    });
  assert.equal(
    sentence(`musl has no checked variants that could be seen, and ${'more '.repeat(20)}`),
    '1 verdict of 1 rule undecided (musl has no checked variants that could be seen)',
  );
  assert.equal(
    sentence('word '.repeat(20).trim()),
    `1 verdict of 1 rule undecided (${'word '.repeat(14).trim()} …)`,
  );
});
