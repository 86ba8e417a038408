import { rmSync } from 'node:fs';

/** Files that are being written and not yet in their place: whatever ends the run removes them. */
const paths = new Set<string>();

/** Called when the first is begun and when the last is done. */
interface Watcher {
  readonly begin: () => void;
  readonly end: () => void;
}

let watcher: Watcher | null = null;

/**
 * For the one place that knows of signals: while nothing is unfinished it need not hear of them, so that they end even
 * a computation that lets nothing else run.
 */
export function watchUnfinishedFiles(by: Watcher): void {
  watcher = by;
}

/** The file at `path` counts as unfinished until the work has ended. */
export async function whileUnfinished<T>(path: string, work: () => Promise<T>): Promise<T> {
  if (paths.size === 0) watcher?.begin();
  paths.add(path);
  try {
    return await work();
  } finally {
    paths.delete(path);
    if (paths.size === 0) watcher?.end();
  }
}

/** For the moment before the run ends early. */
export function removeUnfinishedFiles(): void {
  for (const path of paths) rmSync(path, { force: true });
}
