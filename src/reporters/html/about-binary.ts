import type { Fact } from '../../base/fact.ts';
import type { Judged } from '../../report/report.ts';
import { packageOf } from '../findings/package-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';

/** Kind, machine, languages, package, reach and whose it is; null for what is not known. A report of another version may lack a fact. */
export function aboutBinary(judged: Judged): readonly (string | null)[] {
  const { facts } = judged;
  return [
    known(facts.kind)?.kind ?? null,
    known(facts.machine)?.name ?? null,
    listed(known(facts.language)?.map(({ name, version }) => `${name} ${version ?? ''}`.trim())),
    packageOf(facts)?.name ?? null,
    reach(facts),
    ownershipOf(judged).whose,
  ];
}

/** What brings it within an attacker's reach. */
function reach({ exposure }: Judged['facts']): string | null {
  const seen = known(exposure);
  if (seen === null) return null;
  return listed([
    ...(seen.privileged ? ['privileged'] : []),
    ...(seen.reached === null ? [] : [reachedBy(seen.reached)]),
    ...(seen.onPath ? ['on PATH'] : []),
  ]);
}

function reachedBy({ how, by }: { readonly how: string; readonly by: string }): string {
  if (how === 'loaded') return `loaded by ${by}`;
  if (how === 'installed') return `named by ${by}, which the image does not run`;
  if (how === 'unread') return `perhaps run by ${by}, which is not read`;
  return how === 'service' ? `run by ${by}` : 'run by the image';
}

function known<T>(fact: Fact<T> | undefined): T | null {
  return fact?.known ? fact.value : null;
}

function listed(words: readonly string[] | undefined): string | null {
  return words?.join(', ') || null;
}
