import { plainScan } from '../plain-scan.ts';

/** What becomes of a library that a process opens. */
export type Opening = 'loads' | 'cannot be loaded' | 'dies at the first call';

export interface PredictedOpening {
  readonly path: string;
  /** null: not applicable, or unknown. */
  readonly opening: Opening | null;
  readonly outcome: string;
  readonly message: string;
}

/** What the rule `loadable` says of the files of a root whose names end in `.so` or `.node`. */
export async function predictOpenings(root: string): Promise<readonly PredictedOpening[]> {
  const report = await plainScan(`rootfs:${root}`, { only: ['loadable'] });
  const binaries = report.targets[0]?.binaries ?? [];
  return binaries.flatMap(({ path, verdicts: [verdict] }) => {
    if (verdict === undefined || !/\/(?:site-packages|node_modules)\/.*\.(?:so|node)$/.test(path))
      return [];
    const { outcome, message } = verdict;
    return [{ path, outcome, message, opening: openingOf(outcome, message) }];
  });
}

function openingOf(outcome: string, message: string): Opening | null {
  if (outcome === 'pass') return 'loads';
  if (outcome !== 'fail') return null;
  return message.includes('dies at the first call') ? 'dies at the first call' : 'cannot be loaded';
}
