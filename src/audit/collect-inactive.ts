import { compareNames } from '../base/text.ts';
import type { Report } from '../report/report.ts';
import type { Acceptance, Inactive } from './audit.ts';
import { termsOfInactive } from './read-terms.ts';

/** Of reports one after the other: what did not count in them. */
export interface InactiveCollector {
  add(report: Report, index: number): void;
  /** Without what only one report has no use for, and another one uses. */
  finish(acceptances: readonly Acceptance[]): readonly Inactive[];
}

export function collectInactive(): InactiveCollector {
  const met = new Map<string, Inactive>();
  return {
    add({ policy }, index) {
      for (const each of policy.inactive ?? []) {
        const { state, because, rules, verdicts, entries = null, paths = [] } = each;
        const terms = termsOfInactive(each, policy.files);
        const key = JSON.stringify([terms, state, rules, state === 'unused' ? null : because]);
        const before = met.get(key);
        met.set(key, {
          ...terms,
          ...{ state, because, rules },
          reports: [...(before?.reports ?? []), index],
          verdicts: verdicts + (before?.verdicts ?? 0),
          entries: entries === null ? null : Math.max(entries, before?.entries ?? 0),
          paths: before?.paths ?? paths,
        });
      }
    },
    finish(acceptances) {
      const used = new Set(acceptances.flatMap(({ source, rules }) => keysOf(source, rules)));
      return [...met.values()]
        .flatMap((each) => {
          if (each.by === 'baseline' || each.state !== 'unused') return [each];
          const rules = each.rules.filter((rule) => !used.has(`${each.source} ${rule}`));
          return rules.length === 0 ? [] : [{ ...each, rules }];
        })
        .toSorted(
          (a, b) =>
            compareNames(a.expires ?? '~', b.expires ?? '~') ||
            compareNames(a.source ?? '~', b.source ?? '~') ||
            compareNames(JSON.stringify(a), JSON.stringify(b)),
        );
    },
  };
}

function keysOf(source: string | null, rules: readonly string[]): readonly string[] {
  return rules.map((rule) => `${source} ${rule}`);
}
