import { compareNames } from '../base/text.ts';
import { imageNameOf } from '../policy/image-name.ts';
import type { InactiveAcceptance, Report } from '../report/report.ts';
import type { Acceptance, Inactive, InactivePart, Terms } from './audit.ts';
import { compareTerms, termsOfInactive } from './read-terms.ts';

/** Of reports one after the other: what did not count in them. */
export interface InactiveCollector {
  add(report: Report, index: number): void;
  /** Without what only one report has no use for, and another one uses. */
  finish(acceptances: readonly Acceptance[]): readonly Inactive[];
}

/** Of each state, what is said of it. Rows that say the same of equal terms are one. */
interface Row extends Pick<InactiveAcceptance, 'state' | 'because'> {
  readonly terms: Terms;
  readonly key: string;
  readonly where: Inactive['where'];
  readonly parts: InactivePart[];
}

export function collectInactive(): InactiveCollector {
  const met = new Map<string, Row>();
  const images = new Set<string>();
  return {
    add({ policy, targets }, index) {
      for (const target of targets) images.add(imageNameOf(target).repository);
      for (const each of policy.inactive ?? []) {
        const { state, because, where = null } = each;
        const terms = termsOfInactive(each, policy.files);
        const key = JSON.stringify([terms, state, where, state === 'unused' ? null : because]);
        const row = met.get(key) ?? { terms, key, state, because, where, parts: [] };
        met.set(key, row);
        row.parts.push(partOf(each, index));
      }
    },
    finish(acceptances) {
      const used = new Set(acceptances.flatMap((each) => keysOf(termsIn(each), each.rules)));
      const isHere = new Set(
        [...met.values()]
          .filter(({ state }) => state !== 'elsewhere')
          .flatMap(({ terms, parts }) => parts.flatMap(({ rules }) => keysOf(terms, rules))),
      );
      const isNeedless = ({ state, terms }: Row, { image }: InactivePart, rule: string) => {
        // Entries of a baseline with equal people are many.
        if (terms.by === 'baseline')
          return state === 'elsewhere' && image !== null && images.has(image);
        const key = keyOf(terms, rule);
        return (unsure.has(state) && used.has(key)) || (state === 'elsewhere' && isHere.has(key));
      };
      return [...met.values()]
        .flatMap((row) => {
          const parts = row.parts.flatMap((part) => {
            const rules = part.rules.filter((rule) => !isNeedless(row, part, rule));
            return rules.length === 0 ? [] : [{ ...part, rules }];
          });
          return parts.length === 0 ? [] : [{ row, parts }];
        })
        .toSorted(
          ({ row: a }, { row: b }) => compareTerms(a.terms, b.terms) || compareNames(a.key, b.key),
        )
        .map(({ row, parts }) => inactiveOf(row, parts));
    },
  };
}

/** What one report cannot say of a waiver, since another one may use it. */
const unsure: ReadonlySet<Row['state']> = new Set(['unused', 'idle', 'elsewhere']);

function partOf(
  { rules, verdicts, verdictsByRule, entries, paths = [], image }: InactiveAcceptance,
  report: number,
): InactivePart {
  const [rule] = rules;
  const of = rules.length === 1 && rule !== undefined ? { [rule]: verdicts } : null;
  return {
    ...{ report, rules, image: image ?? null, paths, verdicts, entries: entries ?? null },
    verdictsByRule: verdictsByRule ?? (verdicts === 0 ? {} : of),
  };
}

/** Paths that a row names; its parts have more. */
const mostPaths = 5;

function inactiveOf(
  { terms, state, because, where }: Row,
  parts: readonly InactivePart[],
): Inactive {
  const reports = [...new Set(parts.map(({ report }) => report))];
  const sorted = (names: readonly string[]) => [...new Set(names)].toSorted(compareNames);
  const entriesIn = (report: number) =>
    parts.reduce((sum, part) => sum + (part.report === report ? (part.entries ?? 0) : 0), 0);
  return {
    ...terms,
    ...{ state, because, where, reports, parts },
    rules: sorted(parts.flatMap(({ rules }) => rules)),
    images: where?.['image'] ?? sorted(parts.flatMap(({ image }) => image ?? [])),
    verdicts: parts.reduce((sum, { verdicts }) => sum + verdicts, 0),
    entries: terms.by === 'waiver' ? null : Math.max(...reports.map(entriesIn)),
    paths: where?.['path'] ?? sorted(parts.flatMap(({ paths }) => paths)).slice(0, mostPaths),
  };
}

function termsIn(acceptance: Acceptance): Terms {
  const { by, reason, owner, approvedBy, ticket, created, expires, source, sourceSha256 } =
    acceptance;
  return { by, reason, owner, approvedBy, ticket, created, expires, source, sourceSha256 };
}

/** Two files of one name are two policies, so a line of one is not that of the other. */
function keysOf(terms: Terms, rules: readonly string[]): readonly string[] {
  return rules.map((rule) => keyOf(terms, rule));
}

function keyOf(terms: Terms, rule: string): string {
  return JSON.stringify([terms, rule]);
}
