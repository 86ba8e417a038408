import { amount } from '../../base/amount.ts';
import { createAlertPlaces } from '../../reporters/alerts/alert-place.ts';
import { plainText } from '../../reporters/remedies/remedy.ts';
import {
  type Annotation,
  type Level,
  mostOfLevel,
  workflowCommand,
} from '../../reporters/writing/workflow-command.ts';
import { bothSides } from '../both-sides.ts';
import { type ShownCause, shownCauses } from '../shown-causes.ts';
import type { Compared, DiffFormat, DiffLook } from './diff-format.ts';
import { filesText, plainSentence } from './words/cause-words.ts';
import { answerOf, unreadTexts } from './words/words.ts';

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
    for (const text of unreadTexts(difference)) if (add('warning')) yield about('warning', text);
    for (const notice of difference.notices) if (add('notice')) yield about('notice', notice);
    const rest = left === 0 ? '' : `; ${amount(left, 'more annotation')} left out`;
    const level = gate.state === 'holds' ? 'notice' : 'error';
    yield about(level, `${answerOf(difference, gate)}: ${gate.because}${rest}`);
  },
};
export default github;

function about(level: Level, text: string): string {
  return workflowCommand(level, { title: 'hullcheck diff', lines: [text] });
}

/** What breaks the gate is an error, and nothing else. */
function levelOf({ breaks, severity }: ShownCause): Level {
  if (breaks) return 'error';
  return severity === 'note' || severity === 'low' ? 'notice' : 'warning';
}

type PlaceOf = (cause: ShownCause) => NonNullable<Annotation['place']> | null;

/** Of its first file. */
function createPlaces({ reports }: Compared, look: DiffLook): PlaceOf {
  if (look.alertLocation === null && look.dockerfile === undefined) return () => null;
  const placeOf = createAlertPlaces(look);
  const sides = bothSides(reports);
  return ({ changes: [first] }) => {
    const finding = first === undefined ? null : sides.verdictsOf(first).after;
    return finding === null ? null : placeOf(finding.target, finding.judged);
  };
}

function annotation(cause: ShownCause, level: Level, placeOf: PlaceOf, compared: Compared): string {
  const { rule, severity, remedy } = cause;
  const fix = remedy === null ? [] : [`fix: ${plainText(remedy)}`];
  return workflowCommand(level, {
    title: `worse, ${severity}: ${rule}`,
    place: placeOf(cause),
    lines: [plainSentence(cause), filesText(cause, compared), ...fix],
  });
}
