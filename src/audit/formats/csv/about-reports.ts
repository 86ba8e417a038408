import type { Audit, AuditedImage, AuditedReport } from '../../audit.ts';
import { howLeveled, settingText, toolText } from '../words/words.ts';
import type { Cells } from './columns.ts';

/** Of each report: by what it was judged, and of each image its gate, its conditions and all that was left out. */
export function* aboutReports({ reports }: Audit): Generator<Cells> {
  for (const report of reports) {
    const of = { report: report.file, 'report-sha256': report.sha256 };
    for (const cells of ofReport(report)) yield { ...of, ...cells };
    for (const image of report.images) {
      const { name, digest, platform } = image;
      for (const cells of ofImage(image)) yield { ...of, image: name, digest, platform, ...cells };
    }
  }
}

function* ofReport(report: AuditedReport): Generator<Cells> {
  yield { state: 'report', because: toolText(report) };
  for (const because of report.contradictions) yield { state: 'contradicts-itself', because };
  for (const { role, name, how, sha256 } of report.sources)
    yield { state: 'source', because: `${role}, ${how}`, source: name, 'source-sha256': sha256 };
  for (const setting of report.settings ?? [])
    yield { state: 'setting', because: settingText(setting), source: setting.from };
  const { inactiveUnlisted: count } = report;
  if (count > 0) yield { state: 'unlisted', because: 'waivers that accept nothing', count };
}

function* ofImage(image: AuditedImage): Generator<Cells> {
  const { gate, conditions, leveled, exclusions, excluded, unreadParts } = image;
  yield { state: `gate-${gate.state}`, because: gate.because };
  for (const { state, condition, because } of conditions)
    yield { state: `condition-${state.replaceAll(' ', '-')}`, because: `${condition}: ${because}` };
  for (const { rule, how, verdicts: count, paths } of leveled)
    yield { rule, path: paths.join('; '), state: how, because: howLeveled[how], count };
  for (const { glob, files: count, paths = [] } of exclusions)
    yield { path: paths.join('; '), state: 'excluded', because: glob, count };
  // A report of an older version does not say by what.
  if (exclusions.length === 0 && excluded > 0) yield { state: 'excluded', count: excluded };
  for (const { how, where, message } of unreadParts)
    yield { path: where, state: how, because: message, count: 1 };
}
