import { judgedOf } from '../report/all-judged.ts';
import type { Judged, JudgedVerdict, TargetReport } from '../report/report.ts';
import type { Subject } from './subject.ts';

/** The target with other verdicts in the place of its own. What has the same ones is the same. */
export function mapVerdicts(
  target: TargetReport,
  change: (verdict: JudgedVerdict, subject: Subject) => JudgedVerdict,
): TargetReport {
  const withVerdicts = <T extends Pick<Judged, 'verdicts'>>(of: T, judged: Judged): T => {
    const subject = { target, judged };
    let isSame = true;
    const verdicts = of.verdicts.map((verdict) => {
      const changed = change(verdict, subject);
      isSame &&= changed === verdict;
      return changed;
    });
    return isSame ? of : { ...of, verdicts };
  };
  const binaries = target.binaries.map((binary) => withVerdicts(binary, binary));
  const { image } = target;
  const [whole] = judgedOf(target);
  if (image === undefined || whole === undefined) return { ...target, binaries };
  return { ...target, image: withVerdicts(image, whole), binaries };
}
