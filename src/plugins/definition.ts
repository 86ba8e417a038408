import { nearest } from '../base/nearest.ts';
import { isOwnId } from '../base/own-id.ts';
import { type Remedies, type Severity, severities, type Toolchain } from '../base/verdict.ts';
import { extractors } from '../facts/index.ts';
import { type Exemptions, kindNames, notPrograms } from '../judge/exemptions.ts';
import type { BinaryKind, BinaryRule, FactName } from '../judge/rule.ts';
import type { RootFacts } from '../root/root-facts.ts';
import { oneLine } from './plugin-host.ts';

/** A rule of a plug-in but for the function that judges. */
export type Definition = Omit<BinaryRule, 'check'>;

/** A definition, or sentences about what is wrong with it. */
export type ReadDefinition =
  | { readonly definition: Definition }
  | { readonly mistakes: readonly string[] };

/** Of what a thread gave: plain data of any shape. `by` is the name of the plug-in. */
export function readDefinition(given: unknown, by: string): ReadDefinition {
  if (!isRecord(given)) return { mistakes: ['a rule is not an object'] };
  const id = own(given, 'id');
  if (typeof id !== 'string' || !isOwnId(id))
    return {
      mistakes: [
        `a rule has the id ${shown(id)}, expected a prefix and a name such as acme/no-foo: names without a prefix are those of hullcheck`,
      ],
    };
  const mistakes: string[] = [];
  const say = (message: string) => void mistakes.push(`${id}: ${message}`);
  const strange = Object.keys(given).filter((name) => !members.includes(name));
  for (const name of strange) say(`there is no member ${shown(name)}${meant(name, members)}`);
  const title = textOf(own(given, 'title'));
  if (title === null) say('title is not a sentence');
  const severity = severityOf(own(given, 'severity'));
  if (severity === null)
    say(`severity is ${shown(own(given, 'severity'))}, expected ${listedSeverities}`);
  const listed = (
    name: string,
    allowed: readonly string[] | null,
    what: string,
  ): readonly string[] => {
    const value = own(given, name) ?? [];
    if (!Array.isArray(value) || value.length > mostEntries) {
      say(`${name} is not a list of at most ${mostEntries}`);
      return [];
    }
    return value.flatMap((entry: unknown) => {
      if (typeof entry === 'string' && allowed?.includes(entry) !== false) return [entry];
      const hint = allowed === null ? '' : meant(entry, allowed);
      say(`${name} has ${shown(entry)}, which is not ${what}${hint}`);
      return [];
    });
  };
  const needs = listed('needs', factNames, 'a fact');
  const kinds = listed('kinds', kindNames, 'a kind of binary');
  const others = listed('otherSeverities', severities, 'a severity');
  const references = listed('references', null, 'an address');
  const remediation = remediesOf(own(given, 'remediation'));
  if (remediation === null) say('remediation is neither a text nor texts by toolchain');
  const weight = own(given, 'securitySeverity') ?? weights[severity ?? 'low'];
  if (typeof weight !== 'number' || !(weight > 0 && weight <= 10))
    say('securitySeverity is not a number from 0.1 to 10');
  const cwe = own(given, 'cwe') ?? [];
  if (!Array.isArray(cwe) || !cwe.every((each) => Number.isSafeInteger(each) && each > 0))
    say('cwe is not a list of numbers');
  const samples = samplesOf(own(given, 'samples'));
  if (samples === null) say('samples is not lists of files by verdict');
  if (
    mistakes.length > 0 ||
    title === null ||
    severity === null ||
    remediation === null ||
    samples === null
  )
    return { mistakes };
  return {
    definition: {
      judges: 'binary',
      ...{ id, title, severity, remediation, references, samples },
      ...(others.length === 0 ? {} : { otherSeverities: others as readonly Severity[] }),
      securitySeverity: Number(weight),
      cwe: cwe as readonly number[],
      since: '',
      from: by,
      rationale: textOf(own(given, 'rationale')) ?? title,
      evidence: textOf(own(given, 'evidence')) ?? `By ${needs.join(', ') || 'no fact'}.`,
      exempt: exemptionsOf(kinds as readonly BinaryKind[]),
      ...(own(given, 'judgesPacked') === true ? { judgesPacked: true as const } : {}),
      needs: needs as readonly FactName[],
    },
  };
}

const members = [
  ...['id', 'title', 'severity', 'otherSeverities', 'securitySeverity', 'cwe', 'rationale'],
  ...['evidence', 'remediation', 'references', 'kinds', 'judgesPacked', 'needs', 'samples'],
];
const listedSeverities = severities.join(', ');
const mostEntries = 64;

/** As the bands of code scanning. */
const weights: Readonly<Record<Severity, number>> = {
  critical: 9.1,
  high: 7.5,
  medium: 5.5,
  low: 3,
  note: 1,
};

/** Each of them, which the compiler sees to. */
const rootFacts: Readonly<Record<keyof RootFacts, true>> = {
  placement: true,
  searchPath: true,
  otherSystem: true,
  linkage: true,
  neededBy: true,
  libraryUse: true,
  package: true,
  replaces: true,
  ownership: true,
  exposure: true,
  overwritable: true,
  judgedAsStart: true,
  requiredSystem: true,
  ownLists: true,
};

/** Names of all facts of a binary, sorted. */
export const factNames: readonly string[] = [
  ...Object.keys(extractors),
  ...Object.keys(rootFacts),
].toSorted();

function exemptionsOf(kinds: readonly BinaryKind[]): Exemptions {
  if (kinds.length === 0) return notPrograms;
  const others = kindNames.filter((kind) => !kinds.includes(kind));
  return Object.fromEntries(
    others.map((kind) => [kind, `the rule judges ${kinds.join(', ')} only`]),
  );
}

const toolchains: readonly Toolchain[] = [
  ...(['gcc', 'clang', 'rustc', 'go', 'zig', 'cmake', 'alpine', 'debian', 'image'] as const),
];

function remediesOf(value: unknown): Remedies | null {
  const text = textOf(value);
  if (text !== null) return { image: text };
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  const isSound = entries.every(
    ([name, each]) => toolchains.some((known) => known === name) && textOf(each) !== null,
  );
  return isSound && entries.length > 0 ? Object.fromEntries(entries) : null;
}

const outcomes = ['pass', 'fail', 'unknown', 'not-applicable'] as const;

function samplesOf(value: unknown = {}): Definition['samples'] | null {
  if (!isRecord(value)) return null;
  const isSound = Object.entries(value).every(
    ([name, files]) =>
      outcomes.some((outcome) => outcome === name) &&
      Array.isArray(files) &&
      files.every((file) => typeof file === 'string'),
  );
  return isSound ? { pass: [], fail: [], ...value } : null;
}

/** Long texts are a mistake: they are in every report. */
const mostText = 20_000;

function textOf(value: unknown): string | null {
  const isText = typeof value === 'string' && value.trim() !== '' && value.length <= mostText;
  return isText ? value : null;
}

function severityOf(value: unknown): Severity | null {
  return severities.find((each) => each === value) ?? null;
}

function meant(word: unknown, words: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, words) : null;
  return near === null ? '' : `; did you mean ${near}?`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(oneLine(value)) : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
