import { createHash } from 'node:crypto';
import { amount } from '../amount.ts';
import { isFinding } from '../finding.ts';
import { isIncomplete } from '../problem.ts';
import type { Report } from '../report.ts';
import type { Severity } from '../verdict.ts';
import { createAlertPlaces, type PlaceOf } from './alert-place.ts';
import { alertUri, stableName } from './alert-uri.ts';
import { escapeText } from './escape.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Entry, Group } from './groups/group.ts';
import { groupsOf } from './groups/groups-of.ts';
import { fixText } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { writeJson } from './write-json.ts';

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
  const seen = new Map<string, number>();
  const placeOf = createAlertPlaces(options);
  for (const group of groupsOf(report, {
    wanted: isFinding,
    by: options.all ? 'file' : 'component',
  }))
    for (const entry of group.entries) {
      const fingerprint = fingerprintIn(group, entry);
      const count = (seen.get(fingerprint) ?? 0) + 1;
      seen.set(fingerprint, count);
      yield issue(group, entry, `${fingerprint}:${count}`, { placeOf, options });
    }
  for (const { name, problems } of report.targets)
    for (const { kind, where, message } of problems.filter(isIncomplete))
      yield remark(`${where} (${name}): ${message}`, { name: kind, severity: 'critical' }, options);
  for (const warning of report.policy.warnings)
    yield remark(warning, { name: 'policy', severity: 'major' }, options);
  const { state, because } = report.gate;
  if (because.includes(';') || state === 'open')
    yield remark(
      `${answers[state]}: ${because}`,
      { name: 'gate', severity: state === 'open' ? 'critical' : 'info' },
      options,
    );
}

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  open: 'GATE HAS NO ANSWER',
} as const;

/** Of the run itself: GitLab shows nothing but issues. Only one of each text is new in a merge request. */
function remark(
  text: string,
  { name, severity }: { readonly name: string; readonly severity: string },
  { alertLocation }: RenderOptions,
) {
  const description = escapeText(text);
  const digest = createHash('sha256').update(`${name}\0${description}`).digest('hex');
  return {
    description,
    check_name: `hullcheck-${name}`,
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

/** Of a component whatever its version and its files: a new release of it is no new issue. */
function fingerprintIn({ component, target }: Group, { rule, findings }: Entry): string {
  const [first] = findings;
  if (component === null && first !== undefined) return fingerprintOf(first);
  const { ecosystem = '', group = '' } = component ?? {};
  const identity = [rule, stableName(target), target.platform ?? '', ecosystem, group].join('\0');
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

function issue(
  { title, component, target, files }: Group,
  { rule, severity, findings }: Entry,
  fingerprint: string,
  { placeOf, options }: { readonly placeOf: PlaceOf; readonly options: RenderOptions },
) {
  const judged = findings[0]?.judged ?? files[0];
  const uri = judged === undefined ? 'hullcheck' : decodeURIComponent(alertUri(target, judged));
  const place = placeOf(target, judged);
  const image = [target.name, target.platform].filter((part) => part !== null).join(', ');
  const many = `: ${amount(findings.length, 'file')}, as ${judged?.path}`;
  const of = component === null ? '' : many;
  const message = findings[0]?.verdict.message ?? '';
  const note = place === null || place.note === null ? '' : `. ${place.note}`;
  const failed = findings.find(({ verdict }) => verdict.outcome === 'fail');
  const fixes = failed === undefined ? [] : fixesOf([failed], options).map(fixText);
  const fix = fixes.map((text) => `. Fix: ${text}`).join('');
  return {
    description: escapeText(`${title} (${image})${of}: ${message}${note}${fix}`),
    check_name: rule,
    fingerprint,
    severity: severities[severity],
    location: { path: place?.file ?? uri, lines: { begin: place?.line ?? 1 } },
  };
}
