// supporting: the line below a binary's path in the text report: who made it and who can reach it
import type { BinaryReport, TargetReport } from '../report.ts';

/** `package busybox 1.36.1-r29, base layer 1, setuid root, started by ENTRYPOINT or CMD`; '' when nothing is known. */
export function placementLine(binary: BinaryReport, target: TargetReport): string {
  return [packagePart(binary), layerPart(binary, target), ...exposureParts(binary)]
    .filter((part) => part !== '')
    .join(', ');
}

/** A report that was saved by another version may lack facts that this one has. */
type SavedFacts = Partial<BinaryReport['facts']>;

function packagePart({ facts }: BinaryReport): string {
  const { package: fact, replaces }: SavedFacts = facts;
  if (fact?.known !== true) return '';
  if (fact.value !== null) return `package ${fact.value.name} ${fact.value.version}`;
  const replaced = replaces?.known === true ? replaces.value : null;
  return replaced === null
    ? 'in no package'
    : `in no package: not the file that ${replaced.name} ${replaced.version} brings`;
}

/** Only images of several layers have one that is worth naming. */
function layerPart({ layer }: BinaryReport, { layers }: TargetReport): string {
  if (layers.length < 2) return '';
  const origin = layers[layer]?.origin ?? null;
  const place = `layer ${layer + 1}`;
  return origin === null ? place : `${origin} ${place}`;
}

function exposureParts({ facts }: BinaryReport): string[] {
  const { placement, exposure }: SavedFacts = facts;
  const parts: string[] = [];
  if (placement?.known && placement.value.where === 'root') {
    const { setuid, setgid, capabilities } = placement.value;
    if (setuid) parts.push('setuid');
    if (setgid) parts.push('setgid');
    parts.push(...capabilities);
  }
  const reached = exposure?.known ? exposure.value.reached : null;
  if (reached?.how === 'interpreter') parts.push(`interpreter of ${reached.by}`);
  else if (reached !== null) parts.push(`${reached.how} by ENTRYPOINT or CMD`);
  return parts;
}
