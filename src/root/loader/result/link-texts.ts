import type { Evidence } from '../../../base/verdict.ts';
import type { Link, MissingLibrary } from './link-result.ts';

/** What keeps a process from starting, or a plugin from being opened, in one sentence; null when nothing does. */
export function obstacleText(link: Link, libc: string): string | null {
  const atOnce = link.missingSymbols.filter((symbol) => !symbol.atFirstCall);
  return (
    missingLibraryText(link) ??
    missingVersionText(link) ??
    refusedFileText(link, libc) ??
    (atOnce.length > 0 ? missingSymbolsText(atOnce) : null)
  );
}

function missingLibraryText({ missingLibraries }: Link): string | null {
  const [library, ...others] = missingLibraries;
  if (library === undefined) return null;
  const { name, neededBy, searched, because } = library;
  // A plugin that the loader itself refuses, by its path.
  if (because?.startsWith(`${name} `) && name.startsWith('/')) return because;
  const why = because ?? `looked in ${searchedText(searched)}`;
  return `${name}, needed by ${neededBy}, is not found (${why})${besides(library, others)}`;
}

const mostNamed = 12;

/** Where it is all the same, and what is missing alongside it: who installs one library wants to know of the others. */
export function besides({ elsewhere }: MissingLibrary, others: readonly MissingLibrary[]): string {
  const seen = elsewhere === undefined ? '' : `; the root has it as ${elsewhere}`;
  if (others.length === 0) return seen;
  const named = others.slice(0, mostNamed).map(({ name }) => brief(name));
  const more = others.length > mostNamed ? ` and ${others.length - mostNamed} more` : '';
  return `${seen}; missing too: ${named.join(', ')}${more}`;
}

/** A path file or a variable may name any number of folders. */
function searchedText(searched: readonly string[]): string {
  if (searched.length === 0) return 'no directory';
  const named = searched.slice(0, mostNamed).map(brief).join(', ');
  const more = searched.length - mostNamed;
  return more > 0 ? `${named} and ${more} more` : named;
}

const longestName = 200;

function brief(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName)} …` : text;
}

function missingVersionText({ missingVersions }: Link): string | null {
  const [first] = missingVersions;
  if (first === undefined) return null;
  return versionText(first);
}

export function versionText({
  library,
  version,
  neededBy,
  libraryIsLoaded,
}: Link['missingVersions'][number]): string {
  return libraryIsLoaded
    ? `${library} here has no version ${version}, which ${neededBy} needs`
    : `${neededBy} requires version ${version} of ${library}, which nothing loads`;
}

function refusedFileText({ refusedFiles }: Link, libc: string): string | null {
  const [first] = refusedFiles;
  return first === undefined ? null : `${first.path} ${first.because} (${libc}'s loader)`;
}

export function missingSymbolsText(symbols: Link['missingSymbols']): string {
  const [first] = symbols;
  const more = symbols.length > 1 ? ` and ${symbols.length - 1} more` : '';
  return `nothing defines ${first?.name}${more}, needed by ${first?.neededBy}`;
}

/** What is missing in full, up to a length that a person reads. */
const most = 20;

export function evidenceOfLink(link: Link): Evidence[] {
  return [
    ...link.missingLibraries.map(({ name, neededBy }) => ({
      what: 'missing library',
      saw: `${name}, needed by ${neededBy}`,
    })),
    ...link.missingVersions.map(({ version, library }) => ({
      what: 'missing version',
      saw: `${version} in ${library}`,
    })),
    ...link.refusedFiles.map(({ path, because }) => ({
      what: 'refused file',
      saw: `${path} ${because}`,
    })),
    ...link.missingSymbols.map(({ name, neededBy }) => ({
      what: 'missing symbol',
      saw: `${name}, needed by ${neededBy}`,
    })),
    ...link.passedOver.map(({ name, because }) => ({
      what: 'preload passed over',
      saw: because === null ? name : `${name} (${because})`,
    })),
    ...link.libraries.slice(1).map(({ path }) => ({ what: 'library', saw: path })),
  ].slice(0, most);
}
