import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import { type Outcome, type Severity, severities } from '../../src/base/verdict.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { extractFrom } from '../../src/extraction/extract-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import { judge } from '../../src/judge/judge.ts';
import { exemptionsOf, type Rule } from '../../src/judge/rule.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { bareFileFacts } from '../../src/root/root-facts.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';
import { assertDeclared } from '../support/verdicts/declared-severity.ts';

type Verdicts = ReadonlyMap<string, JudgedVerdict>;

/** What policies set for the samples of rules that ask it. */
const settings = Object.fromEntries(
  rules.flatMap((rule) =>
    rule.judges === 'binary' && rule.setting !== undefined
      ? [[rule.setting.fact, known(rule.setting.ofSamples)] as const]
      : [],
  ),
);
const everyFact: ReadonlySet<string> = new Set(Object.keys(extractors));
const judgedSamples = new Map<string, Verdicts>();
const judgedImages = new Map<string, ReadonlyMap<string, Verdicts>>();

function verdictsOf(sample: string): Verdicts {
  const [image = '', path] = sample.split(':');
  if (path !== undefined) return verdictsIn(image).get(path) ?? new Map();
  const known = judgedSamples.get(sample) ?? judgeBareFile(sample);
  judgedSamples.set(sample, known);
  return known;
}

function judgeBareFile(sample: string): Verdicts {
  const place = join(repositoryRoot, 'samples/elf', sample);
  assert.ok(
    existsSync(place),
    `${place} is missing: scripts/build-samples.sh builds it from a line of samples/elf/recipes`,
  );
  const bytes = bytesOf(readFileSync(place));
  const { facts, linking } = extractFrom(bytes, everyFact);
  return byRule(
    judge(rules, { ...facts, ...bareFileFacts(linking, null, facts.system), ...settings }),
  );
}

/** As the program itself reports them: what a place says comes from many parts. */
function verdictsIn(image: string): ReadonlyMap<string, Verdicts> {
  const known = judgedImages.get(image);
  if (known !== undefined) return known;
  const path = join(repositoryRoot, 'samples/images', image);
  const run = hullcheckIn(repositoryRoot)([path, '--no-cache', '-q', '--all', '-o', 'json']);
  const report: Report = JSON.parse(run.stdout);
  const places = report.targets.flatMap(({ name, image: whole, binaries }) => [
    ...(whole === undefined ? [] : [[tagOf(name), whole.verdicts] as const]),
    ...binaries.map(({ path: place, verdicts }) => [place, verdicts] as const),
  ]);
  const judged = new Map(places.map(([place, verdicts]) => [place, byRule(verdicts)]));
  judgedImages.set(image, judged);
  return judged;
}

interface Report {
  readonly targets: readonly {
    readonly name: string;
    readonly image?: { readonly verdicts: JudgedVerdict[] };
    readonly binaries: readonly { readonly path: string; readonly verdicts: JudgedVerdict[] }[];
  }[];
}

/** An image is called by its tag, and its binaries by their paths. */
function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function byRule(verdicts: readonly JudgedVerdict[]): Verdicts {
  return new Map(verdicts.map((verdict) => [verdict.rule, verdict]));
}

/** By the functions that its modules import to make verdicts, and by the kinds that it exempts. */
function possibleOutcomes(rule: Rule): readonly Outcome[] {
  const folder = join(repositoryRoot, 'rules', rule.id);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => importedFromContract(readFileSync(join(folder, name), 'utf8')));
  const outcomes: Outcome[] = [];
  if (names.includes('pass')) outcomes.push('pass');
  if (names.includes('fail')) outcomes.push('fail');
  if (names.includes('unknown')) outcomes.push('unknown');
  if (names.includes('notApplicable') || exemptionsOf(rule).length > 0)
    outcomes.push('not-applicable');
  return outcomes;
}

function importedFromContract(source: string): readonly string[] {
  const [, imported] =
    source.match(/import \{([^}]*)\} from '\.\.\/\.\.\/src\/judge\/rule\.ts'/) ?? [];
  return imported?.split(',').map((name) => name.trim()) ?? [];
}

/** In its sources, without what it declares. */
function severitiesIn(id: string): readonly Severity[] {
  const folder = join(repositoryRoot, 'rules', id);
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
    .replace(/^ {2}otherSeverities: .*$/m, '');
  return severities.filter((severity) => sources.includes(`'${severity}'`));
}

/** Rules that take a severity from a fact. */
const weighedByFacts: readonly string[] = ['well-formed'];

for (const rule of rules) {
  const { id, severity, otherSeverities = [] } = rule;
  test(`${id} declares what its verdicts can weigh, and nothing else`, () => {
    const declared = severities.filter((each) => [severity, ...otherSeverities].includes(each));
    const found = severitiesIn(id);
    const more = weighedByFacts.includes(id) ? declared : [];
    assert.deepEqual(
      severities.filter((each) => found.includes(each) || more.includes(each)),
      declared,
    );
    for (const sample of Object.values(rule.samples).flat()) {
      const verdict = sample.includes(':') ? undefined : verdictsOf(sample).get(id);
      if (verdict !== undefined) assertDeclared(verdict, rule, null);
    }
  });
  describe(`samples of ${rule.id}`, () => {
    it('are named for every verdict that it can give', () => {
      assert.ok(possibleOutcomes(rule).length > 1, 'every rule can give two verdicts');
      const missing = possibleOutcomes(rule).filter(
        (outcome) => (rule.samples[outcome] ?? []).length === 0,
      );
      assert.deepEqual(missing, []);
    });
    for (const [outcome, samples] of Object.entries(rule.samples)) {
      it(`get the verdict ${outcome}`, () => {
        const others = samples
          .map((sample) => ({ sample, verdict: verdictsOf(sample).get(rule.id) }))
          .filter(({ verdict }) => verdict?.outcome !== outcome)
          .map(({ sample, verdict }) => `${sample}: ${verdict?.outcome}: ${verdict?.message}`);
        assert.deepEqual(others, []);
      });
    }
  });
}
