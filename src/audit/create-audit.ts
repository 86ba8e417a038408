import { compareNames } from '../base/text.ts';
import { version } from '../base/version.ts';
import type { Rule } from '../judge/rule.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { Report, Tool } from '../report/report.ts';
import type {
  Acceptance,
  AcceptedVerdict,
  Answering,
  Audit,
  AuditedReport,
  Ending,
  Terms,
} from './audit.ts';
import { auditedReport, imageNames } from './audited-report.ts';
import { collectInactive } from './collect-inactive.ts';
import { compareTerms, termsOf } from './read-terms.ts';

export interface AuditOptions {
  readonly date: string | null;
  readonly ending: Ending | null;
  readonly rules: NonNullable<Tool['rules']>;
  /** Those of this version. Absent: verdicts are not held against them. */
  readonly rulesHere?: readonly Rule[];
}

/** Takes reports one after the other: of each it keeps what was accepted, and not its binaries. */
export interface AuditBuilder {
  add(report: Report, origin: Pick<AuditedReport, 'file' | 'sha256'>): void;
  finish(): Audit;
}

/** Paths that an acceptance names; the verdicts have all of them. */
const mostPaths = 5;

export function createAudit({ date, ending, rules, rulesHere = [] }: AuditOptions): AuditBuilder {
  const reports: AuditedReport[] = [];
  const met = new Map<string, Met>();
  const inactives = collectInactive();
  const verdicts: (Omit<AcceptedVerdict, 'acceptance'> & { readonly met: Met })[] = [];
  return {
    add(report, origin) {
      for (const { terms, ...of } of acceptedIn(report)) {
        const each = { report: reports.length, ...of };
        verdicts.push({ ...each, met: meet(met, terms, each) });
      }
      inactives.add(report, reports.length);
      reports.push(auditedReport(report, origin, rulesHere));
    },
    finish() {
      const sorted = [...met.values()].toSorted(byEnd);
      const places = new Map(sorted.map((each, at) => [each, at]));
      const acceptances = sorted.map((each) => acceptanceOf(each, ending));
      const inactive = inactives.finish(acceptances);
      return {
        schemaVersion: '1.0.0',
        tool: { name: 'hullcheck', version, rules },
        ...{ date, ending, reports, acceptances, inactive },
        people: answering({ acceptances, inactive }, ({ owner, approvedBy }) => [
          ...(owner === null ? [] : [owner]),
          ...approvedBy,
        ]),
        tickets: answering({ acceptances, inactive }, ({ ticket }) =>
          ticket === null ? [] : [ticket],
        ),
        verdicts: verdicts.map(({ met: by, ...verdict }) => ({
          ...verdict,
          acceptance: places.get(by) ?? 0,
        })),
      };
    },
  };
}

/** The accepted verdicts of a report, with who accepted each and how. */
function* acceptedIn(
  report: Report,
): Generator<Omit<AcceptedVerdict, 'report' | 'acceptance'> & { readonly terms: Terms }> {
  const nameOf = imageNames(report.targets);
  for (const target of report.targets) {
    const image = nameOf(target);
    const { digest, platform } = target;
    for (const { path, sha256, verdicts } of judgedOf(target))
      for (const verdict of verdicts) {
        const terms = termsOf(verdict, report.policy.files);
        if (terms === null) continue;
        const { rule, severity } = verdict;
        const outcome = verdict.outcome === 'unknown' ? 'unknown' : 'fail';
        yield { image, digest, platform, rule, outcome, severity, path, sha256, terms };
      }
  }
}

/** Equal terms are one acceptance, in how many reports ever. */
interface Met {
  readonly terms: Terms;
  readonly key: string;
  readonly rules: Set<string>;
  readonly images: Set<string>;
  readonly paths: Set<string>;
  verdicts: number;
}

function meet(
  all: Map<string, Met>,
  terms: Terms,
  { rule, image, path }: Pick<AcceptedVerdict, 'rule' | 'image' | 'path'>,
): Met {
  const key = JSON.stringify(Object.values(terms));
  const found = all.get(key) ?? {
    ...{ terms, key, verdicts: 0 },
    rules: new Set<string>(),
    images: new Set<string>(),
    paths: new Set<string>(),
  };
  all.set(key, found);
  found.rules.add(rule);
  found.images.add(image);
  if (found.paths.size < mostPaths) found.paths.add(path);
  found.verdicts += 1;
  return found;
}

function acceptanceOf({ terms, rules, images, paths, verdicts }: Met, ending: Ending | null) {
  const sorted = (names: Iterable<string>) => [...names].toSorted(compareNames);
  const met = { rules: sorted(rules), images: sorted(images), verdicts, paths: [...paths] };
  return { ...terms, ...met, ends: endsOf(terms, ending) };
}

function endsOf({ expires }: Terms, ending: Ending | null): Acceptance['ends'] {
  if (ending === null || expires === null) return null;
  if (expires < ending.from) return 'ended';
  return expires <= ending.until ? 'soon' : 'later';
}

/** What has no end comes last. */
function byEnd(a: Met, b: Met): number {
  return compareTerms(a.terms, b.terms) || compareNames(a.key, b.key);
}

function answering(
  { acceptances, inactive }: Pick<Audit, 'acceptances' | 'inactive'>,
  namesOf: (terms: Terms) => readonly string[],
): readonly Answering[] {
  const found = new Map<string, { acceptances: number[]; inactive: number[] }>();
  const placesOf = (name: string) => {
    const places = found.get(name) ?? { acceptances: [], inactive: [] };
    found.set(name, places);
    return places;
  };
  for (const [at, each] of acceptances.entries())
    for (const name of new Set(namesOf(each))) placesOf(name).acceptances.push(at);
  for (const [at, each] of inactive.entries())
    for (const name of new Set(namesOf(each))) placesOf(name).inactive.push(at);
  return [...found]
    .toSorted(([a], [b]) => compareNames(a, b))
    .map(([name, places]) => {
      const own = places.acceptances.flatMap((place) => acceptances[place] ?? []);
      const ends = own.flatMap(({ expires }) => (expires === null ? [] : [expires])).toSorted();
      return {
        ...{ name, ...places },
        verdicts: own.reduce((sum, { verdicts }) => sum + verdicts, 0),
        firstEnd: ends[0] ?? null,
      };
    });
}
