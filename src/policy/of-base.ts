import { known } from '../base/fact.ts';
import type { BinaryReport, TargetReport } from '../report/report.ts';
import type { Ownership } from '../root/ownership/ownership.ts';
import { whoseOf } from './subject.ts';

/**
 * Makes dependencies of the files that came with the base image, where nothing else is known of them: who builds on it can
 * take another one, and rebuild none of its programs. Only where the user named it: what the image says of its base is
 * written by its author.
 */
export function applyBase(targets: readonly TargetReport[]): readonly TargetReport[] {
  return targets.map((target) => {
    const { base } = target;
    if (base?.how !== 'named' || base.layers === null) return target;
    const count = base.layers;
    const ownership = known(ownershipOf(base));
    const owned = (binary: BinaryReport) =>
      binary.layer < count && whoseOf({ target, judged: binary }) === 'yours'
        ? { ...binary, facts: { ...binary.facts, ownership } }
        : binary;
    return { ...target, binaries: target.binaries.map(owned) };
  });
}

function ownershipOf({ name, because }: NonNullable<TargetReport['base']>): Ownership {
  const called = name ?? 'the base image';
  const purl = `pkg:generic/${encodeURIComponent(called)}`;
  return {
    whose: 'dependency',
    component: { ecosystem: 'generic', name: called, version: '', purl, group: called },
    because: `it came with the base image: ${because}`,
    isDeclared: true,
  };
}
