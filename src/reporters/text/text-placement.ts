import type { Judged, TargetReport } from '../../report/report.ts';

/** `package busybox 1.36.1-r29, base layer 1, setuid root, started by ENTRYPOINT or CMD`; '' when nothing is known. */
export function placementLine(judged: Judged, target: TargetReport): string {
  return [packagePart(judged), layerPart(judged, target), ...exposureParts(judged)]
    .filter((part) => part !== '')
    .join(', ');
}

function packagePart({ facts }: Judged): string {
  const { package: fact, replaces } = facts;
  if (fact?.known !== true) return '';
  if (fact.value !== null) return `package ${fact.value.name} ${fact.value.version}`;
  // What is in no package stands among the files that are yours.
  const replaced = replaces?.known === true ? replaces.value : null;
  return replaced === null ? '' : `not the file that ${replaced.name} ${replaced.version} brings`;
}

/** Only images of several layers have one that is worth naming. */
function layerPart({ layer }: Judged, { layers }: TargetReport): string {
  if (layer === null || layers.length < 2) return '';
  const origin = layers[layer]?.origin ?? null;
  const place = `layer ${layer + 1}`;
  return origin === null ? place : `${origin} ${place}`;
}

function exposureParts({ facts }: Judged): string[] {
  const { placement, exposure } = facts;
  const parts: string[] = [];
  if (placement?.known && placement.value.where === 'root') {
    const { setuid, setgid, capabilities } = placement.value;
    if (setuid) parts.push('setuid');
    if (setgid) parts.push('setgid');
    parts.push(...capabilities);
  }
  const reached = exposure?.known ? exposure.value.reached : null;
  if (reached?.how === 'interpreter') parts.push(`interpreter of ${reached.by}`);
  else if (reached?.how === 'mentioned') parts.push(`named by ${reached.by}`);
  else if (reached?.how === 'installed')
    parts.push(`named by ${reached.by}, which the image does not run`);
  else if (reached?.how === 'service') parts.push(`run by ${reached.by}`);
  else if (reached?.how === 'unread') parts.push(`perhaps run by ${reached.by}, which is not read`);
  else if (reached?.how === 'loaded') parts.push(`loaded by ${reached.by}`);
  else if (reached !== null) parts.push(`${reached.how} by ENTRYPOINT or CMD`);
  return parts;
}
