import type { Judged, TargetReport } from '../../report/report.ts';
import { createFinder, type Finder } from '../dockerfile/find-instruction.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { RenderOptions } from '../reporter.ts';

/** Where in a repository an alert about a file of an image stands. */
export interface AlertPlace {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  /** A sentence for the reader, where the line is not what brought the file; else null. */
  readonly note: string | null;
}

/** null: at the binary's own path. */
export type PlaceOf = (target: TargetReport, judged: Judged | undefined) => AlertPlace | null;

const notes = {
  step: null,
  base: 'It came with the image of this FROM',
  guess: 'The Dockerfile does not show what brought it, so this is its last FROM',
} as const;

/**
 * `--sarif-location` places everything. Else the instruction of the Dockerfile that brought the file does; one that was only
 * found counts where the history of the image has instructions of it, for it may be of another image.
 */
export function createAlertPlaces({
  alertLocation,
  dockerfile,
}: Pick<RenderOptions, 'alertLocation' | 'dockerfile'>): PlaceOf {
  if (alertLocation !== null) return () => ({ ...alertLocation, note: null });
  if (dockerfile === undefined) return () => null;
  const parsed = parseDockerfile(dockerfile.text);
  const finders = new Map<TargetReport['layers'], Finder | null>();
  return (target, judged) => {
    if (target.kind !== 'image') return null;
    // Reports of one target are copied, their layers are not.
    let finder = finders.get(target.layers);
    if (finder === undefined) {
      const found = createFinder(parsed, target.layers.map(layerLine), startOf(target));
      finder = found !== null && (dockerfile.isNamed || found.matched > 0) ? found : null;
      finders.set(target.layers, finder);
    }
    if (finder === null) return null;
    const { line, by } = finder.find(pathIn(judged), judged?.layer ?? null);
    return { file: dockerfile.file, line, note: notes[by] };
  };
}

/** What lies in a file is brought by what brings that. */
function pathIn(judged: Judged | undefined): string {
  return (judged?.path ?? '').replace(/!.*$/s, '');
}

function layerLine({ createdBy, origin }: TargetReport['layers'][number]) {
  return { createdBy, isBase: origin === 'base' };
}

function startOf({ config }: TargetReport): 'ENTRYPOINT' | 'CMD' {
  return (config?.entrypoint.length ?? 0) > 0 ? 'ENTRYPOINT' : 'CMD';
}
