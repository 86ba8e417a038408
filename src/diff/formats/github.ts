import { amount } from '../../base/amount.ts';
import { createAlertPlaces } from '../../reporters/alerts/alert-place.ts';
import { plainText } from '../../reporters/remedies/remedy.ts';
import {
  escapeData,
  escapeProperty,
  mostAnnotations,
} from '../../reporters/writing/workflow-command.ts';
import { bothSides } from '../both-sides.ts';
import { type ShownCause, shownCauses } from '../shown-causes.ts';
import type { Compared, DiffFormat, DiffLook } from './diff-format.ts';
import { filesText, plainSentence } from './words/cause-words.ts';
import { answerOf, unreadTexts } from './words/words.ts';

/** The answer is one of the errors. */
const mostOfLevel = {
  error: mostAnnotations - 1,
  warning: mostAnnotations,
  notice: mostAnnotations,
} as const;

type Level = keyof typeof mostOfLevel;

/** Workflow commands: an annotation for each cause, the worst first. */
const github: DiffFormat = {
  format: 'github',
  *render(compared, look) {
    const { difference, gate } = compared;
    const placeOf = createPlaces(compared, look);
    const shown: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
    let left = 0;
    const add = (level: Level): boolean => {
      shown[level] += 1;
      const isShown = look.all || shown[level] <= mostOfLevel[level];
      if (!isShown) left += 1;
      return isShown;
    };
    for (const cause of shownCauses(difference, gate)) {
      const level = levelOf(cause);
      if (add(level)) yield annotation(cause, level, placeOf, compared);
    }
    for (const text of unreadTexts(difference))
      if (add('warning')) yield `::warning title=hullcheck diff::${escapeData(text)}\n`;
    for (const notice of difference.notices)
      if (add('notice')) yield `::notice title=hullcheck diff::${escapeData(notice)}\n`;
    const rest = left === 0 ? '' : `; ${amount(left, 'more annotation')} left out`;
    const level = gate.state === 'holds' ? 'notice' : 'error';
    const answer = `${answerOf(difference, gate)}: ${gate.because}${rest}`;
    yield `::${level} title=hullcheck diff::${escapeData(answer)}\n`;
  },
};
export default github;

/** What breaks the gate is an error, and nothing else. */
function levelOf({ breaks, severity }: ShownCause): Level {
  if (breaks) return 'error';
  return severity === 'note' || severity === 'low' ? 'notice' : 'warning';
}

type PlaceOf = (cause: ShownCause) => string;

/** `file=Dockerfile,line=3,` of its first file. */
function createPlaces({ reports }: Compared, look: DiffLook): PlaceOf {
  if (look.alertLocation === null && look.dockerfile === undefined) return () => '';
  const placeOf = createAlertPlaces(look);
  const sides = bothSides(reports);
  return ({ changes: [first] }) => {
    const finding = first === undefined ? null : sides.verdictsOf(first).after;
    const place = finding === null ? null : placeOf(finding.target, finding.judged);
    return place === null ? '' : `file=${escapeProperty(place.file)},line=${place.line},`;
  };
}

function annotation(cause: ShownCause, level: Level, placeOf: PlaceOf, compared: Compared): string {
  const { rule, severity, remedy } = cause;
  const title = escapeProperty(`worse, ${severity}: ${rule}`);
  const fix = remedy === null ? [] : [`fix: ${plainText(remedy)}`];
  const lines = [plainSentence(cause), filesText(cause, compared), ...fix].map(escapeData);
  return `::${level} ${placeOf(cause)}title=${title}::${lines.join('%0A')}\n`;
}
