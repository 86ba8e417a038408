import type { Root, RootEntry } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';
import { createLinker, type Linkage } from '../linkage.ts';
import { contextOfImage } from '../loader/process-context.ts';
import type { Surroundings } from './execute.ts';

/**
 * What the loader finds for a program as it is started here. `linkage` is of the image's user and speaks for all names of the
 * file. Another user may open other files, and `$ORIGIN` counts from the name that was executed.
 */
export function linkageAtStart(
  binary: Binary,
  linkage: Linkage,
  entry: RootEntry,
  { image: { root, config }, walker, environment, directory, isOtherUser }: Surroundings,
): Linkage {
  if (linkage.where === 'bare-file' || linkage.link === null) return linkage;
  if (!isOtherUser && !dependsOnName(binary, root)) return linkage;
  const ofImage = contextOfImage(root, config);
  const context = { ...ofImage, environment, workingDirectory: directory, user: walker.who };
  return createLinker(root, context).linkageOf(entry, binary.extraction);
}

function dependsOnName({ aliases, extraction: { linking } }: Binary, root: Root): boolean {
  if (!linking.known) return false;
  const { runpath, rpath } = linking.value;
  const usesName = (runpath ?? rpath ?? '').includes('$');
  return usesName && aliases.some((alias) => root.entry(alias)?.type === 'file');
}
