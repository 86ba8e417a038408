import { normalisePath } from '../../../base/normalise-path.ts';
import { type LoadedObject, type ProcessImage, trustedValue } from '../process-image.ts';

/** Values of `$ORIGIN`, `$LIB` and `$PLATFORM`. */
export interface TokenValues {
  readonly origin: string;
  readonly library: string;
  /** null: not known. Asked only where the token stands. */
  platform(): string | null;
}

type TokensOf = (object: LoadedObject) => TokenValues;

/**
 * Directories that glibc searches before its cache, in order, list by list as open_path gets them; relative ones are '' (the
 * working directory) or begin without a slash. DT_RPATH of the chain of requesters and of the program, unless the requester
 * has DT_RUNPATH; then LD_LIBRARY_PATH; then the requester's DT_RUNPATH, which counts for its own needs only.
 */
export function runPathLists(
  requester: LoadedObject,
  image: ProcessImage,
  tokens: TokensOf,
  trusted: readonly string[],
): readonly (readonly string[])[] {
  const { runpath } = requester.tables;
  const split = (path: string, object: LoadedObject) =>
    splitRunPath(path, object, image, tokens(object), trusted);
  return [
    ...(runpath === null ? inheritedPaths(requester, image, split) : []),
    libraryPathDirectories(image, tokens(image.program)),
    ...(runpath === null ? [] : [split(runpath, requester)]),
  ];
}

/** DT_RPATH of an object is void alongside its DT_RUNPATH. */
function inheritedPaths(
  requester: LoadedObject,
  { program }: ProcessImage,
  split: (path: string, object: LoadedObject) => string[],
): string[][] {
  const chain: LoadedObject[] = [];
  for (let object: LoadedObject | null = requester; object !== null; object = object.requester) {
    chain.push(object);
  }
  if (!chain.includes(program)) chain.push(program);
  return chain.flatMap((object) => {
    const { rpath, runpath } = object.tables;
    return rpath === null || runpath !== null ? [] : [split(rpath, object)];
  });
}

/** fillin_rpath: an empty element is the working directory; an empty path is none at all. */
function splitRunPath(
  path: string,
  object: LoadedObject,
  image: ProcessImage,
  tokens: TokenValues,
  trusted: readonly string[],
): string[] {
  if (path === '') return [];
  return path.split(':').flatMap((element) => {
    const expanded = element === '' ? '' : expandTokens(element, tokens);
    if (expanded === null || (element !== '' && expanded === '')) return [];
    const isOrigin = object === image.program && image.start.secure && originToken.test(element);
    if (isOrigin && !isBelow(expanded, trusted)) return [];
    return [expanded];
  });
}

/** _dl_init_paths: LD_LIBRARY_PATH is separated by colons or semicolons. */
function libraryPathDirectories(image: ProcessImage, tokens: TokenValues): string[] {
  const libraryPath = trustedValue(image, 'LD_LIBRARY_PATH');
  if (libraryPath === '') return [];
  return libraryPath.split(/[:;]/).flatMap((element) => expandTokens(element, tokens) ?? []);
}

const originToken = /\$(?:ORIGIN(?!\w)|\{ORIGIN\})/;

const platformToken = /\$(?:PLATFORM(?!\w)|\{PLATFORM\})/;

/** _dl_dst_substitute; null where `$PLATFORM` is not known. A `$` before anything else stays. */
export function expandTokens(
  text: string,
  { origin, library, platform }: TokenValues,
): string | null {
  if (!text.includes('$')) return text;
  const processor = platformToken.test(text) ? platform() : '';
  if (processor === null) return null;
  return text
    .replace(new RegExp(platformToken, 'g'), () => processor)
    .replace(new RegExp(originToken, 'g'), () => origin)
    .replace(/\$(?:LIB(?!\w)|\{LIB\})/g, () => library);
}

/** is_trusted_path_normalize: a privileged program's `$ORIGIN` must lead into a directory of the system. */
function isBelow(path: string, trusted: readonly string[]): boolean {
  const normal = normalisePath(path);
  return trusted.some((directory) => normal === directory || normal.startsWith(`${directory}/`));
}
