import { type BaselineEntry, stronger } from './entry.ts';

/**
 * Which entry stands for each of these findings. A finding is known by rule, path and cause. Where its path is new, an entry
 * whose own finding is gone stands for it: one of the same package and file name without numbers (an update renamed it), else
 * one of the same build id (it was moved). Such an entry stands for one finding only, so that no old finding hides many. An entry
 * of an image stands for findings of that image alone, and wins over one of any image. This is the one place that says which binary is the same.
 */
export function matchEntries<T extends { readonly entry: BaselineEntry }>(
  found: readonly T[],
  baseline: readonly BaselineEntry[],
): ReadonlyMap<T, BaselineEntry> {
  const byPath = new Map<string, BaselineEntry>();
  for (const entry of baseline) {
    const key = inImage(entry, pathKey(entry));
    byPath.set(key, stronger(byPath.get(key), entry));
  }
  const matched = new Map<T, BaselineEntry>();
  const used = new Set<BaselineEntry>();
  const take = (each: T, entry: BaselineEntry | undefined) => {
    if (entry === undefined) return;
    matched.set(each, entry);
    used.add(entry);
  };
  for (const each of found)
    take(
      each,
      lookUp(each.entry, pathKey(each.entry), (key) => byPath.get(key)),
    );
  for (const keyOf of [packageKey, buildKey]) {
    const free = groupBy(baseline, used, keyOf);
    for (const each of found) {
      const key = keyOf(each.entry);
      if (matched.has(each) || key === null) continue;
      take(
        each,
        lookUp(each.entry, key, (full) => free.get(full)?.shift()),
      );
    }
  }
  return matched;
}

/** In its own image first. */
function lookUp(
  entry: BaselineEntry,
  key: string,
  find: (key: string) => BaselineEntry | undefined,
): BaselineEntry | undefined {
  return find(inImage(entry, key)) ?? find(inImage({}, key));
}

function inImage({ image }: Pick<BaselineEntry, 'image'>, key: string): string {
  return `${image ?? ''}\0${key}`;
}

function groupBy(
  baseline: readonly BaselineEntry[],
  used: ReadonlySet<BaselineEntry>,
  keyOf: (entry: BaselineEntry) => string | null,
): ReadonlyMap<string, BaselineEntry[]> {
  const groups = new Map<string, BaselineEntry[]>();
  for (const entry of baseline) {
    const key = keyOf(entry);
    if (key === null || used.has(entry)) continue;
    const full = inImage(entry, key);
    const group = groups.get(full);
    if (group === undefined) groups.set(full, [entry]);
    else group.push(entry);
  }
  return groups;
}

function pathKey({ rule, path, cause = '' }: BaselineEntry): string {
  return `${rule}\0${path}\0${cause}`;
}

function packageKey({ rule, path, cause = '', package: name }: BaselineEntry): string | null {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return name === null ? null : `${rule}\0${cause}\0${name}\0${file.replace(/\d+/g, '')}`;
}

function buildKey({ rule, cause = '', buildId }: BaselineEntry): string | null {
  return buildId === null ? null : `${rule}\0${cause}\0${buildId}`;
}
