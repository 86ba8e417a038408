import type { Judged, TargetReport } from '../../report/report.ts';
import { historyLine } from '../dockerfile/history-line.ts';

/**
 * `package busybox 1.36.1-r29, base layer 1, setuid root, started by ENTRYPOINT or CMD`, or
 * `package foo 1.2, replaced by own layer 5 (COPY app /usr/bin)`; '' when nothing is known.
 */
export function placementLine(judged: Judged, target: TargetReport): string {
  return [...packageParts(judged, target), ...exposureParts(judged)]
    .filter((part) => part !== '')
    .join(', ');
}

function packageParts(judged: Judged, target: TargetReport): readonly string[] {
  const { package: fact, replaces } = judged.facts;
  const layer = layerPart(judged, target);
  if (fact?.known !== true) return [layer];
  if (fact.value !== null) return [`package ${fact.value.name} ${fact.value.version}`, layer];
  // What is in no package stands among the files that are yours.
  const replaced = replaces?.known === true ? replaces.value : null;
  if (replaced === null) return [layer];
  const { name, version } = replaced;
  if (layer === '') return [`not the file that ${name} ${version} brings`];
  return [`package ${name} ${version}, replaced by ${layer}${commandPart(judged, target)}`];
}

/** Only images of several layers have one that is worth naming. */
function layerPart({ layer }: Judged, { layers }: TargetReport): string {
  if (layer === null || layers.length < 2) return '';
  const origin = layers[layer]?.origin ?? null;
  const place = `layer ${layer + 1}`;
  return origin === null ? place : `${origin} ${place}`;
}

const longestCommand = 40;

/** The instruction that made the layer, as far as it fits. */
function commandPart({ layer }: Judged, { layers }: TargetReport): string {
  const createdBy = layer === null ? null : (layers[layer]?.createdBy ?? null);
  if (createdBy === null) return '';
  const { keyword, text } = historyLine(createdBy);
  const command = `${keyword} ${text}`;
  return command.length > longestCommand
    ? ` (${command.slice(0, longestCommand).trimEnd()}…)`
    : ` (${command})`;
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
