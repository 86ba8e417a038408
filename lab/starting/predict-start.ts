import { factAt } from '../../src/policy/subject.ts';
import { plainScan } from '../plain-scan.ts';
import type { Fate } from './starting-case.ts';

export interface Prediction {
  /** null: the rule `loadable` is undecided. */
  readonly fate: Fate | null;
  readonly message: string;
}

/** What the report says of how one program of a root, or of an image, starts: the rule `loadable`, or why nothing runs the file. */
export async function predictStart(source: string, program: string): Promise<Prediction> {
  const report = await plainScan(source, { only: ['loadable'] });
  const binary = report.targets[0]?.binaries.find(
    ({ path, aliases }) => path === program || aliases.includes(program),
  );
  const verdict = binary?.verdicts[0];
  if (binary === undefined || verdict === undefined)
    throw new Error(`${program} is not in the report`);
  const { outcome, message } = verdict;
  if (factAt(binary, 'acceptance.by') === 'nothing') return { fate: 'dies at start', message };
  if (outcome === 'pass') return { fate: 'starts', message };
  if (outcome !== 'fail') return { fate: null, message: `${outcome}: ${message}` };
  const isLater = message.startsWith('it starts, and dies');
  return { fate: isLater ? 'dies at the first call' : 'dies at start', message };
}
