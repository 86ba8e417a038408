import type { Root, RootEntry } from '../../../layers/root.ts';
import type { Binary } from '../../binaries.ts';
import { createLinker, type Linkage } from '../../linkage/linkage.ts';
import { contextOfImage } from '../../loader/process/process-context.ts';
import type { Surroundings } from '../kernel/execution.ts';

/**
 * What the loader finds for a program as it is started here. `linkage` is of the image's user and speaks for all names of the
 * file. Another user may open other files, a starter or script may have set what the loader reads, and `$ORIGIN` counts from the
 * name that was executed.
 */
export function linkageAtStart(
  binary: Binary,
  linkage: Linkage,
  entry: RootEntry,
  { image: { root, config }, walker, environment, directory, isOtherUser }: Surroundings,
): Linkage {
  if (linkage.where === 'bare-file' || linkage.link === null) return linkage;
  const ofImage = contextOfImage(root, config);
  const isOtherSetting = settings.some(
    (name) => environment.get(name) !== ofImage.environment.get(name),
  );
  const isOpen = ofImage.commandFolders.length > 0;
  if (!isOtherUser && !isOtherSetting && !isOpen && !dependsOnName(binary, root)) return linkage;
  const place = { workingDirectory: directory, user: walker.who };
  // Here the command is followed, and nothing is left of what it may set.
  const context = { ...ofImage, environment, commandFolders: [], ...place };
  return createLinker(root, context).linkageOf(entry, binary.extraction);
}

/** Of the loaders that are modelled. */
const settings = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'LD_BIND_NOW'];

function dependsOnName({ aliases, extraction: { linking } }: Binary, root: Root): boolean {
  if (!linking.known) return false;
  const { runpath, rpath } = linking.value;
  const usesName = (runpath ?? rpath ?? '').includes('$');
  return usesName && aliases.some((alias) => root.entry(alias)?.type === 'file');
}
