import { createHash } from 'node:crypto';
import { amount } from '../base/amount.ts';
import { escapeText } from '../base/escape.ts';
import { isIncomplete } from '../base/problem.ts';
import type { Severity } from '../base/verdict.ts';
import type { Report } from '../report/report.ts';
import { createAlertIdentities } from './alerts/alert-identities.ts';
import { type AlertNames, createAlertNames } from './alerts/alert-names.ts';
import { createAlertPlaces, type PlaceOf } from './alerts/alert-place.ts';
import { createNumbering, fingerprintOfEntry } from './alerts/fingerprint.ts';
import { messagesIn } from './findings/accepted.ts';
import { waiverInUseText, waiversInUse } from './findings/waivers-in-use.ts';
import { worseEntryOf } from './findings/worse-entries.ts';
import { lostText } from './findings/worse-words.ts';
import type { Entry, Group } from './groups/group.ts';
import { groupsOf } from './groups/groups-of.ts';
import { fixText } from './remedies/fix.ts';
import { fixesOfGroup } from './remedies/fixes-of-group.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { writeJson } from './writing/write-json.ts';

/** GitLab's Code Quality report: a list that it compares by fingerprint between two branches. */
const gitlab: Reporter = {
  format: 'gitlab',
  summary: 'GitLab Code Quality report',
  *render(report, options) {
    let separator = '[\n';
    for (const each of issues(report, options)) {
      yield `${separator}${writeJson(each)}`;
      separator = ',\n';
    }
    yield separator === '[\n' ? '[\n]\n' : '\n]\n';
  },
};
export default gitlab;

function* issues(report: Report, options: RenderOptions) {
  const numbered = createNumbering();
  const names = createAlertNames(options.repository);
  const identities = createAlertIdentities(report.targets, names);
  const look = {
    names,
    placeOf: createAlertPlaces(options),
    options,
    lostOf: ({ findings: [{ verdict }] }: Entry) => lostText(worseEntryOf(report, verdict)),
  };
  for (const group of groupsOf(report, { by: options.all ? 'file' : 'component' }))
    for (const entry of group.entries) {
      const fingerprint = numbered(fingerprintOfEntry(group, entry, identities));
      yield issue(group, entry, fingerprint, look);
    }
  for (const { name, problems } of report.targets)
    for (const { kind, where, message } of problems.filter(isIncomplete))
      yield remark(`${where} (${name}): ${message}`, { name: kind, severity: 'critical' }, options);
  for (const { kind, message } of messagesIn(report.policy, 'warning'))
    yield remark(message, { name: 'policy', kind, severity: 'major' }, options);
  for (const { kind, message } of messagesIn(report.policy, 'notice'))
    yield remark(message, { name: 'policy', kind, severity: 'minor' }, options);
  for (const waiver of waiversInUse(report))
    yield remark(waiverInUseText(waiver), { name: 'waiver', severity: 'info' }, options);
  const { state, because } = report.gate;
  if (because.includes(';') || state === 'undecided')
    yield remark(
      `${answers[state]}: ${because}`,
      { name: 'gate', severity: state === 'undecided' ? 'critical' : 'info' },
      options,
    );
}

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  undecided: 'GATE UNDECIDED',
} as const;

/** Of the run itself: GitLab shows nothing but issues. Only one of each text is new in a merge request. */
function remark(
  text: string,
  {
    name,
    kind = name,
    severity,
  }: { readonly name: string; readonly kind?: string; readonly severity: string },
  { alertLocation }: RenderOptions,
) {
  const description = escapeText(text);
  const digest = createHash('sha256').update(`${name}\0${description}`).digest('hex');
  return {
    description,
    check_name: `hullcheck-${kind === name ? name : `${name}-${kind}`}`,
    fingerprint: digest.slice(0, 32),
    severity,
    location: {
      path: alertLocation?.file ?? 'hullcheck',
      lines: { begin: alertLocation?.line ?? 1 },
    },
  };
}

const severities = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  note: 'info',
} as const satisfies Record<Severity, string>;

interface Look {
  readonly names: AlertNames;
  readonly placeOf: PlaceOf;
  readonly options: RenderOptions;
  /** What was lost since the older release; null: nothing, or there is none. */
  readonly lostOf: (entry: Entry) => string | null;
}

/** What fixes the whole file is said at each of its issues: a command for one of them would be another build each time. */
function issue(group: Group, entry: Entry, fingerprint: string, look: Look) {
  const { names, placeOf, options } = look;
  const { title, component, target } = group;
  const { rule, findings } = entry;
  const [{ judged, verdict }] = findings;
  const uri = decodeURIComponent(names.uriOf(target, judged));
  const place = placeOf(target, judged);
  const image = [target.name, target.platform].filter((part) => part !== null).join(', ');
  const many = `: ${amount(findings.length, 'file')}, as ${judged.path}`;
  const of = component === null ? '' : many;
  const note = place === null || place.note === null ? '' : `. ${place.note}`;
  const outside = isOutside(entry) ? '. It does not count in the gate' : '';
  const lost = look.lostOf(entry);
  const worse = lost === null ? '' : `. Worse than before: ${lost}`;
  // What was lost says itself what brings it back.
  const isFailed = lost === null && findings.some((each) => each.verdict.outcome === 'fail');
  const fixes = isFailed ? fixesOfGroup(group, options).map(fixText) : [];
  const fix = fixes.map((text) => `. Fix: ${text}`).join('');
  return {
    description: escapeText(
      `${title} (${image})${of}: ${verdict.message}${note}${outside}${worse}${fix}`,
    ),
    check_name: rule,
    fingerprint,
    severity: isOutside(entry) ? 'info' : severities[entry.severity],
    location: { path: place?.file ?? uri, lines: { begin: place?.line ?? 1 } },
  };
}

/** What the gate is not of is worth a line, as in annotations. */
function isOutside({ findings }: Entry): boolean {
  return findings.every(({ verdict }) => verdict.outsideGate !== undefined);
}
