import { listed } from '../base/amount.ts';
import type { Subject } from '../policy/subject.ts';
import type { WorseConditions } from '../policy/worse.ts';
import type { Pair } from './pair-binaries.ts';
import { createPasses, lossesTo } from './passes.ts';

/** Of a new file: sentences. */
export type MovedLinks = (
  pair: Pair,
  fresh: Subject,
  conditions: WorseConditions,
) => readonly string[];

/**
 * Names of your files under which another file starts now: a link that leads elsewhere, or a file that went aside for a link to what was
 * there before. Neither file need have changed, so only the name shows it. The two may be different programs, so only what the new one
 * fails counts, and no figure is compared.
 */
export function createMovedLinks(own: readonly Pair[]): MovedLinks {
  const byName = new Map<string, Pair>();
  for (const pair of own)
    if (pair.old !== null) for (const name of namesOf(pair.old)) byName.set(name, pair);
  return (pair, fresh, conditions) => {
    const seen = new Set([pair]);
    return namesOf(fresh).flatMap((name) => {
      const other = byName.get(name);
      const was = other?.old ?? null;
      if (other === undefined || was === null || seen.has(other)) return [];
      if (isOneForOne(pair, other) && (name === was.judged.path || name === fresh.judged.path))
        return [];
      seen.add(other);
      const rules = lossesTo(createPasses(was), fresh, conditions)
        .map(({ rule }) => rule)
        .filter((rule) => isFailing(fresh, rule));
      return rules.length === 0 ? [] : [sentenceOf(name, { was, fresh, rules })];
    });
  };
}

/** One came or the other went, and one of the two has the name as its path: they are asked as one file. */
function isOneForOne(pair: Pair, other: Pair): boolean {
  return pair.old === null || other.new === null;
}

function isFailing({ judged }: Subject, wanted: string): boolean {
  return judged.verdicts.some(({ rule, outcome }) => rule === wanted && outcome === 'fail');
}

function namesOf({ judged }: Subject): readonly string[] {
  return [judged.path, ...judged.aliases];
}

const mostRules = 4;

function sentenceOf(
  name: string,
  {
    was,
    fresh,
    rules,
  }: { readonly was: Subject; readonly fresh: Subject; readonly rules: readonly string[] },
): string {
  const leads = (path: string) => (path === name ? 'a file by itself' : path);
  return `${name} was ${leads(was.judged.path)} and is ${leads(fresh.judged.path)} now, which fails what passed there (${listed(rules, mostRules)}): build it with that, or compare the two files by themselves`;
}
