import { amount, listed } from '../../../base/amount.ts';
import type { PolicyFile, SetAside, SettingInForce } from '../../../report/report.ts';
import type {
  Acceptance,
  Answering,
  Audit,
  AuditedImage,
  AuditedReport,
  Leveled,
  Terms,
  UnreadPart,
} from '../../audit.ts';

// What text and HTML say alike. Strings of reports are in it as they are: each format escapes the whole.

/** `Audit of 3 reports on 2026-11-30`. */
export function titleOf({ reports, date }: Audit): string {
  return `Audit of ${amount(reports.length, 'report')}${date === null ? '' : ` on ${date}`}`;
}

/** `CHANGED: a.json and b.json contradict themselves`; null: none does. */
export function changedText({ reports }: Pick<Audit, 'reports'>): string | null {
  const files = reports.flatMap(({ file, contradictions }) =>
    contradictions.length === 0 ? [] : [file],
  );
  if (files.length === 0) return null;
  const verb = files.length === 1 ? 'contradicts itself' : 'contradict themselves';
  return `CHANGED: ${listed(files, 5)} ${verb}: what follows from such a report proves nothing`;
}

/** `3 waivers and 1 baseline acceptance accept 12 verdicts; 1 ended before 2026-12-01, 2 end by 2026-12-30`. */
export function acceptedSummary({ acceptances, verdicts, ending }: Audit): string {
  if (acceptances.length === 0) return 'nothing is accepted by a waiver or a baseline';
  const verb = acceptances.length === 1 ? 'accepts' : 'accept';
  const text = `${kindsOf(acceptances)} ${verb} ${amount(verdicts.length, 'verdict')}`;
  if (ending === null) return text;
  const ends = (state: Acceptance['ends']) =>
    acceptances.filter((each) => each.ends === state).length;
  return `${text}; ${ends('ended')} ended before ${ending.from}, ${ends('soon')} ${ends('soon') === 1 ? 'ends' : 'end'} by ${ending.until}`;
}

/** `2 waivers and 1 baseline acceptance`. */
export function kindsOf(terms: readonly Terms[]): string {
  const of = (by: Terms['by']) => terms.filter((each) => each.by === by).length;
  const kinds = [
    [of('waiver'), 'waiver'],
    [of('baseline'), 'baseline acceptance'],
  ] as const;
  const named = kinds.filter(([count]) => count > 0).map(([count, noun]) => amount(count, noun));
  return named.join(' and ');
}

/** `hullcheck 0.1.0 (29 rules, 9af15f4a8c95), on 2026-11-30, profile auto, 3 rules asked: pie, relro`. */
export function toolText({ tool, date, profile, rules }: AuditedReport): string {
  const known = tool.rules;
  const version = `${tool.name} ${tool.version}`;
  const digest = known === undefined ? '' : ` (rules ${known.sha256.slice(0, 12)})`;
  return [
    `${version}${digest}`,
    date === null ? 'not dated' : `on ${date}`,
    `profile ${profile}`,
    rulesText(rules, known?.count),
  ].join(', ');
}

/** A run that was narrowed to some rules says which. */
function rulesText(rules: readonly string[] | null, of: number | undefined): string {
  if (rules === null) return 'the rules that were asked are not recorded';
  if (of === undefined) return `${amount(rules.length, 'rule')} asked`;
  if (rules.length >= of) return `all ${of} rules asked`;
  return `only ${rules.length} of ${of} rules asked: ${rules.join(', ')}`;
}

export function sourceText({ role, name, how, sha256 }: PolicyFile): string {
  return `${role} ${name} (${how}), sha256 ${sha256}`;
}

/** `gate.fail-on "medium" (hullcheck.yaml:3:1)`. */
export function settingTexts({ settings }: AuditedReport): readonly string[] {
  if (settings === null) return ['the settings in force are not recorded'];
  return settings.map((setting) => `setting ${settingText(setting)} (${setting.from})`);
}

/** `gate.fail-on: "medium"`. */
export function settingText({ name, value }: SettingInForce): string {
  return `${name}: ${value}`;
}

export function contradictionTexts({ contradictions }: AuditedReport): readonly string[] {
  return contradictions.map((each) => `CONTRADICTS ITSELF: ${each}`);
}

/** What does not count in a gate, by what takes it out. */
function setAsideTexts(setAside: SetAside): readonly string[] {
  const parts = [
    [setAside.waived, 'waived'],
    [setAside.baselined, 'in the baseline'],
    [setAside.switchedOff, 'switched off by the configuration'],
    [setAside.notRequired, 'not required by the profile'],
    [setAside.lowered, 'lowered below what breaks it'],
    [setAside.ofDependencies ?? 0, 'of dependencies'],
    [setAside.ofDistribution ?? 0, 'of the distribution'],
  ] as const;
  return parts.flatMap(([count, how]) =>
    count === 0 ? [] : [`${amount(count, 'finding')} ${how}`],
  );
}

/** `3 files excluded by /opt/** (3: /opt/a, /opt/b, /opt/c), *.so (0)`; null: none is. */
function exclusionText({ excluded, exclusions }: AuditedImage): string | null {
  if (excluded === 0 && exclusions.length === 0) return null;
  const globs = exclusions.map(({ glob, files, paths = [] }) => {
    const more = files > paths.length ? ', ...' : '';
    return paths.length === 0
      ? `${glob} (${files})`
      : `${glob} (${files}: ${paths.join(', ')}${more})`;
  });
  const by =
    globs.length === 0 ? 'by globs that the report does not name' : `by ${globs.join(', ')}`;
  return `${amount(excluded, 'file')} excluded ${by}`;
}

export function conditionTexts({ conditions }: AuditedImage): readonly string[] {
  return conditions.map(({ state, condition, because }) => `${state}: ${condition}: ${because}`);
}

const unreadWords = {
  'not-scanned': 'not scanned',
  'not-whole': 'not judged by all rules',
  unnamed: 'undecided by whose settings',
  'not-read': 'of a format that is not read',
} as const satisfies Record<UnreadPart['how'], string>;

/** Parts that were not scanned, by name. */
const mostParts = 10;

/** All that takes something of an image out of its gate, or was not looked at. */
export function leftOutTexts(image: AuditedImage): readonly string[] {
  const { gate, leveled, unread, unreadParts } = image;
  const excluded = exclusionText(image);
  return [
    ...setAsideTexts(gate.setAside),
    ...leveled.map(leveledText),
    ...(excluded === null ? [] : [excluded]),
    ...(unread === 0 ? [] : [`parts that were not scanned, or not whole: ${unread}`]),
    ...unreadParts
      .slice(0, mostParts)
      .map(({ how, where, message }) => `${unreadWords[how]}: ${where}: ${message}`),
    ...(unreadParts.length > mostParts ? [`and ${unreadParts.length - mostParts} more parts`] : []),
  ];
}

function leveledText({ rule, how, verdicts, paths }: Leveled): string {
  const more = verdicts > paths.length ? ', ...' : '';
  return `${rule}: ${amount(verdicts, 'failure')} ${howLeveled[how]} (${paths.join(', ')}${more})`;
}

export const howLeveled = {
  'switched-off': 'switched off by the configuration',
  'not-required': 'not required by the profile',
  lowered: 'lowered below what breaks the gate',
  'known-deviation': 'known of stock files of the distribution',
} as const satisfies Record<Leveled['how'], string>;

/** `until 2026-12-05 (ended)`, `without end`. */
export function endText({ expires, ends }: Pick<Acceptance, 'expires' | 'ends'>): string {
  if (expires === null) return 'without end';
  if (ends === 'ended') return `until ${expires} (ended)`;
  return ends === 'soon' ? `until ${expires} (ends soon)` : `until ${expires}`;
}

/** `waiver of team-x, approved by Ann, ticket SEC-12, made on 2026-01-01`. */
export function termsText({ by, owner, approvedBy, ticket, created }: Terms): string {
  return [
    `${by === 'waiver' ? 'waiver' : 'baseline'}${owner === null ? ' without an owner' : ` of ${owner}`}`,
    ...(approvedBy.length === 0 ? [] : [`approved by ${approvedBy.join(', ')}`]),
    ...(ticket === null ? [] : [`ticket ${ticket}`]),
    ...(created === null ? [] : [`made on ${created}`]),
  ].join(', ');
}

/** `pie, relro in app:1.0: 3 verdicts (/bin/a, /bin/b and 1 more)`. */
export function coveredText({ rules, images, verdicts, paths }: Acceptance): string {
  const more = verdicts > paths.length ? ', ...' : '';
  return `${rules.join(', ')} in ${listed(images, 5)}: ${amount(verdicts, 'verdict')} (${paths.join(', ')}${more})`;
}

export function placeText({ source, sourceSha256 }: Terms): string {
  if (source === null) return 'where it is written is not recorded';
  return sourceSha256 === null ? source : `${source} (sha256 ${sourceSha256})`;
}

/** `2 acceptances, 12 verdicts, first end 2026-12-05, 1 that accepted nothing`. */
export function answeringText({ acceptances, inactive, verdicts, firstEnd }: Answering): string {
  const end = firstEnd === null ? 'no end' : `first end ${firstEnd}`;
  const accepted = `${amount(acceptances.length, 'acceptance')}, ${amount(verdicts, 'verdict')}, ${end}`;
  const nothing = `${inactive.length} that accepted nothing`;
  if (inactive.length === 0) return accepted;
  return acceptances.length === 0 ? nothing : `${accepted}, ${nothing}`;
}
