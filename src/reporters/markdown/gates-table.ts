import { amount, listed } from '../../base/amount.ts';
import { compare } from '../../base/compare.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { type GatedImage, gateStates } from '../../report/gates.ts';
import type { TargetReport } from '../../report/report.ts';
import { ownPolicyOf } from '../findings/accepted.ts';
import { choiceOf } from '../findings/distinguish-targets.ts';
import { codeSpan, escapeMarkdown, shorten } from './escape-markdown.ts';

/** Rows of images. */
const mostImages = 50;

/** Of several images each one's gate: those that do not hold first, with the rules that break it. */
export function* renderGates(images: readonly GatedImage[]): Generator<string> {
  const sorted = images.toSorted(
    (a, b) => gateStates.indexOf(a.gate.state) - gateStates.indexOf(b.gate.state),
  );
  yield '| Gate | Image | Why | What breaks it |\n|---|---|---|---|\n';
  for (const image of sorted.slice(0, mostImages)) {
    const { name, gate, targets } = image;
    const why = [shorten(gate.because), ...targets.flatMap(settingsOf)].join('; ');
    yield `| ${signs[gate.state]} | ${codeSpan(shorten(name), 'line')} | ${inCell(why)} | ${breakingRules(image)} |\n`;
  }
  if (images.length > mostImages)
    yield `\nand ${amount(images.length - mostImages, 'more image')}\n`;
  yield '\n';
}

/** What was chosen for an image, and is not in its name. */
function settingsOf(target: TargetReport): readonly string[] {
  return [choiceOf(target), ownPolicyOf(target)].filter((part) => part !== null);
}

function inCell(text: string): string {
  return escapeMarkdown(text).replaceAll('|', '\\|');
}

/** Rules of a row. */
const mostRules = 5;

/** `pie` 3, `relro` 2: rules whose findings break the gate, by how many do. */
function breakingRules({ targets, gate }: GatedImage): string {
  const counts = new Map<string, number>();
  for (const { verdicts } of targets.flatMap(judgedOf))
    for (const verdict of verdicts)
      if (breaksGate(gate, verdict)) counts.set(verdict.rule, (counts.get(verdict.rule) ?? 0) + 1);
  const rules = [...counts]
    .toSorted(([a, one], [b, other]) => other - one || compare(a, b))
    .map(([rule, count]) => `${codeSpan(rule, 'line')} ${count}`);
  return listed(rules, mostRules);
}

const signs = { holds: '✅ holds', broken: '❌ broken', undecided: '⚠️ undecided' } as const;
