import { escapeText } from '../../base/escape.ts';
import type { Report } from '../../report/report.ts';
import type { Group } from '../groups/group.ts';
import { groupsOf } from '../groups/groups-of.ts';
import { blockLines, blocksOf } from './text-blocks.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';

/** The newest layer first: it is the author's. */
export function* renderByLayer(report: Report, page: Page): Generator<string> {
  const groups = groupsOf(report, { wanted: page.isListed, by: 'file' });
  for (const target of report.targets) {
    const ofTarget = groups.filter((group) => group.target === target);
    yield* renderLayer('THE IMAGE AS A WHOLE', ofTarget.filter(isOf(null)), page);
    for (const { index, createdBy, origin } of target.layers.toReversed()) {
      const from = origin === null ? '' : ` (${origin})`;
      const by = createdBy === null ? '' : `: ${createdBy}`;
      yield* renderLayer(`LAYER ${index + 1}${from}${by}`, ofTarget.filter(isOf(index)), page);
    }
  }
}

function isOf(layer: number | null): (group: Group) => boolean {
  return ({ files }) => files[0]?.layer === layer;
}

function* renderLayer(title: string, groups: readonly Group[], page: Page): Generator<string> {
  if (groups.length === 0) return;
  const text = hang('', escapeText(title), page.width).trimEnd();
  yield `\n${page.style.bold(text)}\n`;
  for (const block of blocksOf(groups, page))
    for (const line of blockLines(block, page)) yield `${line}\n`;
}
