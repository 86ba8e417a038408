import { amount } from '../base/amount.ts';
import { isIncomplete } from '../base/problem.ts';
import type { Apart } from '../report/distinguish-targets.ts';
import { ownGates } from '../report/gates.ts';
import type { JudgedVerdict } from '../report/report.ts';
import { createAlertPlaces, type PlaceOf } from './alerts/alert-place.ts';
import { policyNews, policySources } from './findings/accepted.ts';
import { choiceOf, distinguishFiles } from './findings/distinguish-targets.ts';
import type { Finding } from './findings/findings-of.ts';
import { type WorseEntry, worseEntries, worseEntryOf } from './findings/worse-entries.ts';
import { plainWorse, worseFiles } from './findings/worse-words.ts';
import type { Group } from './groups/group.ts';
import { countsIn, groupsOf, type Wanted } from './groups/groups-of.ts';
import { fixText } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import { plainText } from './remedies/remedy.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import {
  type Level,
  mostAnnotations,
  mostOfLevel,
  workflowCommand,
} from './writing/workflow-command.ts';

/** Workflow commands: annotations on a run without any upload. */
const github: Reporter = {
  format: 'github',
  summary: 'annotations of a GitHub Actions run (workflow commands)',
  *render(report, options) {
    const apart = distinguishFiles(report.targets);
    const placeOf = createAlertPlaces(options);
    const shown: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
    let left = 0;
    const add = (level: Level, findings: number): boolean => {
      shown[level] += 1;
      const isShown = options.all || shown[level] <= mostOfLevel[level];
      if (!isShown) left += findings;
      return isShown;
    };
    const lost = worseEntries(report).filter(({ how }) => how === 'lost');
    for (const entry of lost)
      if (add(levelOfLost(entry), entry.findings.length))
        yield lostAnnotation(entry, { apart, placeOf });
    const isSaid = (verdict: JudgedVerdict) => worseEntryOf(report, verdict)?.how === 'lost';
    const wanted: Wanted = (...of) => !isSaid(of[0]) && countsIn(report)(...of);
    for (const group of groupsOf(report, { wanted, by: options.all ? 'file' : 'component' })) {
      for (const [level, findings] of byLevel(group))
        if (add(level, findings.length))
          yield annotation(group, findings, level, { apart, placeOf }, options);
    }
    if (left > 0) yield leftOut(left);
    for (const target of report.targets) {
      const choice = choiceOf(target);
      if (choice !== null) yield about('notice', 'hullcheck', `${target.name}: ${choice}`);
    }
    for (const { name, problems } of report.targets) {
      const title = `hullcheck: ${name} was not scanned whole`;
      for (const { where, message } of problems.filter(isIncomplete))
        yield about('warning', title, `${where}: ${message}`);
    }
    for (const warning of report.policy.warnings.slice(0, mostAnnotations))
      yield about('warning', 'hullcheck policy', warning);
    for (const news of policyNews(report.policy, 'notices').slice(0, mostAnnotations))
      yield about('notice', 'hullcheck policy', news);
    const sources = policySources(report);
    if (sources !== null) yield about('notice', 'hullcheck policy', sources);
    for (const { name, gate } of ownGates(report)
      .filter((each) => each.gate.state !== 'holds')
      .slice(0, mostAnnotations))
      yield about('error', `hullcheck: ${name} is ${gate.state}`, gate.because);
    const level = report.gate.state === 'holds' ? 'notice' : 'error';
    yield about(level, 'hullcheck', report.gate.because);
  },
};
export default github;

function leftOut(left: number): string {
  const text = `${amount(left, 'more finding')}: GitHub shows ${mostAnnotations} annotations of a level`;
  return about('notice', 'hullcheck', text);
}

function about(level: Level, title: string, text: string): string {
  return workflowCommand(level, { title, lines: [text] });
}

/** What breaks the gate is an error, as in `diff`. */
function levelOfLost({ breaking, severity, whose }: WorseEntry): Level {
  if (breaking > 0) return 'error';
  return whose !== 'yours' || severity === 'note' || severity === 'low' ? 'notice' : 'warning';
}

interface Placing {
  readonly apart: Apart;
  readonly placeOf: PlaceOf;
}

/** One for a cause, at the place of its first file. */
function lostAnnotation(entry: WorseEntry, { apart, placeOf }: Placing): string {
  const [{ target, judged }] = entry.findings;
  const { rule, severity, remedy } = entry;
  const fix = remedy === null ? [] : [`fix: ${plainText(remedy)}`];
  return workflowCommand(levelOfLost(entry), {
    title: `worse, ${severity}: ${rule}`,
    place: placeOf(target, judged),
    lines: [plainWorse(entry), worseFiles(entry, apart), ...fix],
  });
}

/** What is not counted in the gate is worth a notice. */
function levelOf({ severity, outsideGate }: JudgedVerdict): Level {
  if (outsideGate !== undefined) return 'notice';
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'notice';
}

/** What is wrong with one file, or with the files of one component, by level; each rule once. */
function byLevel({ entries }: Group): ReadonlyMap<Level, readonly [Finding, ...Finding[]]> {
  const levels = new Map<Level, [Finding, ...Finding[]]>();
  for (const { findings } of entries) {
    const [first] = findings;
    if (first === undefined) continue;
    const level = levelOf(first.verdict);
    const found = levels.get(level);
    if (found === undefined) levels.set(level, [first]);
    else found.push(first);
  }
  return levels;
}

function annotation(
  { title: name, component, files, target }: Group,
  findings: readonly [Finding, ...Finding[]],
  level: Level,
  { apart, placeOf }: Placing,
  options: RenderOptions,
): string {
  const at = placeOf(target, findings[0].judged);
  const note = at === null || at.note === null ? [] : [at.note];
  const which = apart(target);
  const [{ verdict }] = findings;
  const rules = findings.map((finding) => finding.verdict.rule).join(', ');
  const where = `${name}${which === null ? '' : ` (${which})`}`;
  const of = component === null ? '' : ` (${amount(files.length, 'file')}, as ${files[0]?.path})`;
  const [first = '', ...others] = findings.map((finding) => finding.verdict.message);
  const failed = verdict.outcome === 'fail';
  const fixes = failed ? fixesOf(findings, options).map(fixText) : [];
  const fix = fixes.map((text) => `fix: ${text}`);
  const lines = [`${where}${of}: ${first}`, ...others, ...fix, ...note];
  return workflowCommand(level, { title: `${verdict.severity}: ${rules}`, place: at, lines });
}
