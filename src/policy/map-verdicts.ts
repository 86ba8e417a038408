import { judgedOf } from '../report/all-judged.ts';
import type { Judged, JudgedVerdict, TargetReport } from '../report/report.ts';
import type { Subject } from './subject.ts';

/** The target with other verdicts in the place of its own. */
export function mapVerdicts(
  target: TargetReport,
  change: (verdict: JudgedVerdict, subject: Subject) => JudgedVerdict,
): TargetReport {
  const changed = ({ verdicts }: Pick<Judged, 'verdicts'>, judged: Judged) =>
    verdicts.map((verdict) => change(verdict, { target, judged }));
  const binaries = target.binaries.map((binary) => ({
    ...binary,
    verdicts: changed(binary, binary),
  }));
  const { image } = target;
  const [whole] = judgedOf(target);
  if (image === undefined || whole === undefined) return { ...target, binaries };
  return { ...target, image: { ...image, verdicts: changed(image, whole) }, binaries };
}
