import { amount } from '../amount.ts';
import { isIncomplete } from '../problem.ts';
import type { Severity } from '../verdict.ts';
import { policyNews, policySources } from './acceptance.ts';
import { type Apart, choiceOf, tellApart } from './apart.ts';
import { escapeText } from './escape.ts';
import { type Finding, findingsOf } from './findings.ts';
import type { RenderOptions, Reporter } from './reporter.ts';

/** GitHub shows ten annotations of each level for a step, so the rest would only fill the log. */
const mostOfLevel = 10;

/** Workflow commands: annotations on a run without any upload. */
const github: Reporter = {
  format: 'github',
  summary: 'annotations of a GitHub Actions run (workflow commands)',
  *render(report, options) {
    const apart = tellApart(report.targets);
    const shown: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
    for (const finding of findingsOf(report)) {
      const level = levelOf(finding.verdict.severity);
      shown[level] += 1;
      if (options.all || shown[level] <= mostOfLevel)
        yield annotation(finding, level, apart, options);
    }
    if (!options.all) yield* leftOut(shown);
    for (const target of report.targets) {
      const choice = choiceOf(target);
      if (choice !== null)
        yield `::notice title=hullcheck::${escapeData(`${target.name}: ${choice}`)}\n`;
    }
    for (const { name, problems } of report.targets) {
      for (const { where, message } of problems.filter(isIncomplete)) {
        yield `::warning title=${escapeProperty(`hullcheck: ${name} was not scanned whole`)}::${escapeData(`${where}: ${message}`)}\n`;
      }
    }
    for (const warning of report.policy.warnings.slice(0, mostOfLevel))
      yield `::warning title=hullcheck policy::${escapeData(warning)}\n`;
    for (const news of policyNews(report.policy, 'notices').slice(0, mostOfLevel))
      yield `::notice title=hullcheck policy::${escapeData(news)}\n`;
    const sources = policySources(report);
    if (sources !== null) yield `::notice title=hullcheck policy::${escapeData(sources)}\n`;
    const level = report.gate.state === 'holds' ? 'notice' : 'error';
    yield `::${level} title=hullcheck::${escapeData(report.gate.because)}\n`;
  },
};
export default github;

function* leftOut(shown: Readonly<Record<Level, number>>): Generator<string> {
  const left = Object.values(shown).reduce((sum, all) => sum + Math.max(all - mostOfLevel, 0), 0);
  if (left === 0) return;
  const text = `${amount(left, 'more finding')}: GitHub shows ${mostOfLevel} annotations of a level`;
  yield `::notice title=hullcheck::${escapeData(text)}\n`;
}

type Level = 'error' | 'warning' | 'notice';

function levelOf(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'notice';
}

function annotation(
  { target, judged, verdict }: Finding,
  level: Level,
  apart: Apart,
  { alertLocation }: RenderOptions,
): string {
  const place =
    alertLocation === null
      ? ''
      : `file=${escapeProperty(alertLocation.file)},line=${alertLocation.line},`;
  const which = apart(target);
  const title = `${verdict.severity}: ${verdict.rule}`;
  return `::${level} ${place}title=${escapeProperty(title)}::${escapeData(`${judged.path}${which === null ? '' : ` (${which})`}: ${verdict.message}`)}\n`;
}

/** As the runner decodes it; control characters are spelled out first, so that a line stays a line. */
function escapeData(text: string): string {
  return escapeText(text).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
