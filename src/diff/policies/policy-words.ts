import { amount, listed } from '../../base/amount.ts';
import type { ChangedSetting, PlacedValue } from '../../policy/config/changed-settings.ts';
import type {
  ChangeKind,
  ImageChange,
  PolicyDifference,
  PolicySide,
  RuleChange,
  TotalChange,
} from './policy-difference.ts';

/** Lists are cut here without --all. */
export const longestList = 10;

export function sideText({ profile, files }: PolicySide): string {
  const named = files.map(({ name }) => name).join(', ') || 'no file';
  return `${named} (profile ${profile})`;
}

/** `gate.fail-on: high (default) becomes low (new.yaml:1:8)`. */
export function settingText({ name, before, after }: ChangedSetting): string {
  if (before === null) return `${name}: new is ${placedText(after)}`;
  if (after === null) return `${name}: gone is ${placedText(before)}`;
  return `${name}: ${placedText(before)} becomes ${placedText(after)}`;
}

/** Characters of a value: a waiver with its reason, and not a list as long as its file. */
const longestValue = 2000;

function placedText(placed: PlacedValue | null): string {
  if (placed === null) return '';
  const text = valueText(placed.value);
  const shown = text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  return `${shown} (${placed.place})`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(', ');
  return JSON.stringify(value) ?? '';
}

/** `app:1.0: holds, would be broken: 2 findings of …`. */
export function imageText({ name, before, after, turns }: ImageChange): string {
  const states = turns === null ? `${after.state} as before` : becomesText(before, after);
  return `${name}: ${states}: ${after.because}`;
}

function becomesText(before: ImageChange['before'], after: ImageChange['after']): string {
  return `${before.state}, would ${after.state === 'holds' ? 'hold' : `be ${after.state}`}`;
}

const kindTexts: Readonly<Record<ChangeKind, string>> = {
  counts: 'counts in the gate',
  'waived no more': 'not waived any more',
  'new again': 'not in the baseline any more',
  required: 'required',
  raised: 'raised',
  'inside the gate': 'inside the gate',
  'counts no more': 'does not count any more',
  waived: 'waived',
  'in the baseline': 'in the baseline',
  'switched off': 'switched off',
  lowered: 'lowered',
  'outside the gate': 'outside the gate',
  excluded: 'excluded',
};

/** `raised: pie 3 (2 break the gate) of /bin/a, /bin/b and 1 more`. */
export function changeText(change: RuleChange): string {
  const { files, verdicts } = change;
  const more = verdicts - files.length;
  const named = more > 0 ? `${files.join(', ')} and ${more} more` : listed(files);
  return `${headText(change)} of ${named}`;
}

/** `raised: pie 3 (2 break the gate) in 2 images`. */
export function totalText(change: TotalChange): string {
  return `${headText(change)} in ${amount(change.images, 'image')}`;
}

function headText({ kind, rule, verdicts, breaking, released }: Omit<RuleChange, 'files'>): string {
  // What begins to count, or ends, says so already.
  const isSaid = kind === 'counts' || kind === 'counts no more';
  const parts = [
    ...(breaking > 0 ? [`${breaking} ${breaking === 1 ? 'breaks' : 'break'} the gate`] : []),
    ...(released > 0 ? [`${released} ${released === 1 ? 'breaks' : 'break'} it no more`] : []),
  ];
  return `${kindTexts[kind]}: ${rule} ${verdicts}${parts.length === 0 || isSaid ? '' : ` (${parts.join(', ')})`}`;
}

/** Those of which something changes, the worst first. */
export function changedImages({ images }: PolicyDifference): readonly ImageChange[] {
  const weight = ({ turns }: ImageChange) =>
    ['breaks', 'becomes undecided', 'holds', 'other', null].indexOf(turns);
  return images
    .filter(({ turns, changes }) => turns !== null || changes.length > 0)
    .toSorted((a, b) => weight(a) - weight(b));
}

export function isWorse({ totals }: Pick<PolicyDifference, 'totals'>): boolean {
  return totals.breaks + totals.undecided > 0;
}

/** The last line. */
export function answerText({ totals, settings, leftOut }: PolicyDifference): string {
  const { images, breaks, undecided, holds } = totals;
  const all = amount(images, 'image');
  const parts = [
    ...(breaks > 0 ? [`${breaks} of ${all} would break`] : []),
    ...(undecided > 0 ? [`${undecided} of ${all} would become undecided`] : []),
    ...(holds > 0 ? [`${holds} of ${all} would hold`] : []),
  ];
  const changed = settings.length === 0 ? 'no setting differs' : amount(settings.length, 'setting');
  const differ = settings.length === 0 ? '' : settings.length === 1 ? ' differs' : ' differ';
  return `${parts.length === 0 ? `the gate of ${all} stays as it is` : parts.join(', ')}; ${changed}${differ}${leftOut.length === 0 ? '' : '; files that judged the reports before are left out'}`;
}
