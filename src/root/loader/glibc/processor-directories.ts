import type { GlibcAbilities } from '../../../facts/link-tables/loader-texts.ts';
import type { Root } from '../../../layers/root.ts';
import { fromWorkingDirectory, type ProcessImage } from '../process-image.ts';
import { type Processor, subdirectoriesFor } from './processor.ts';

/** Which subdirectories of a directory count on a processor. Looked up once for each directory. */
export interface ProcessorDirectories {
  below(directory: string, processor: Processor, image: ProcessImage): Below;
  /** Whether a cached path lies in a subdirectory that the processor's own features choose. */
  isTaken(path: string, processor: Processor): boolean;
  readonly platformsDiffer: boolean;
}

interface Below {
  /** In the order in which they are searched. */
  readonly taken: readonly Subdirectory[];
  /** They are there, and other processors search them. */
  readonly passed: readonly Subdirectory[];
}

interface Subdirectory {
  readonly path: string;
  readonly isForAll: boolean;
}

const nothing: Below = { taken: [], passed: [] };

export function createProcessorDirectories(
  root: Root,
  processors: readonly Processor[],
  abilities: GlibcAbilities | null,
): ProcessorDirectories {
  const ofEach = new Map(processors.map((each) => [each, subdirectoriesFor(each, abilities)]));
  const all = [...new Set([...ofEach.values()].flat())];
  const tops = [...new Set(all.map((each) => each.split('/')[0] ?? each))];
  const present = new Map<string, readonly string[]>();
  const presentBelow = (directory: string): readonly string[] => {
    let found = present.get(directory);
    if (found === undefined) {
      const isThere = (name: string) => root.resolve(`${directory}/${name}`)?.type === 'directory';
      found = tops.some(isThere) ? all.filter(isThere) : [];
      present.set(directory, found);
    }
    return found;
  };
  const isForAll = (name: string) => [...ofEach.values()].every((names) => names.includes(name));
  const described = (directory: string, name: string) => ({
    path: directory === '' ? name : `${directory}/${name}`,
    isForAll: isForAll(name),
  });
  return {
    below(directory, processor, image) {
      const full = fromWorkingDirectory(directory === '' ? '.' : directory, image);
      const there = full === null ? [] : presentBelow(full);
      if (there.length === 0) return nothing;
      const own = ofEach.get(processor) ?? [];
      return {
        taken: own.filter((name) => there.includes(name)).map((each) => described(directory, each)),
        passed: there
          .filter((name) => !own.includes(name))
          .map((each) => described(directory, each)),
      };
    },
    isTaken(path, processor) {
      const own = ofEach.get(processor) ?? [];
      const longest = all
        .filter((name) => path.includes(`/${name}/`))
        .sort(byLength)
        .at(-1);
      return longest !== undefined && own.includes(longest);
    },
    platformsDiffer: processors.some(
      ({ platform }) => platform === null || platform !== processors[0]?.platform,
    ),
  };
}

function byLength(a: string, b: string): number {
  return a.length - b.length;
}
