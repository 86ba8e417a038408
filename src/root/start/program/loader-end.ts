import type { Linkage } from '../../linkage/linkage.ts';
import type { Link } from '../../loader/result/link-result.ts';
import { besides, versionText } from '../../loader/result/link-texts.ts';
import { cause } from '../cause.ts';
import { fails, type StartEnd, type StartLink, undecided } from '../start.ts';

type InRoot = Extract<Linkage, { where: 'root' }>;

/** How the loader ends the start of a program; null where it finds all that it needs, and where there is no loader. */
export function loaderEnd(program: string, linkage: Linkage, links: StartLink[]): StartEnd | null {
  if (linkage.where === 'bare-file' || linkage.interpreter === null) return null;
  const { interpreter, link, servedBy } = linkage;
  links.push({ what: 'loader', saw: interpreter.name });
  if (interpreter.state === 'found' && interpreter.isProgram)
    return fails(
      cause('loader', interpreter.name),
      'Segmentation fault',
      `its loader ${interpreter.name} is a program that needs a loader itself`,
    );
  if (link === null || servedBy === null)
    return undecided(`the search rules of its loader ${interpreter.name} are not known`);
  const end = linkEnd(program, link, servedBy);
  if (end === null)
    links.push({ what: 'libraries', saw: `${link.libraries.length - 1} found, none missing` });
  return end;
}

function linkEnd(
  program: string,
  link: Link,
  served: NonNullable<InRoot['servedBy']>,
): StartEnd | null {
  const { libc } = served;
  const stopped =
    missingLibrary(program, link, libc) ??
    missingVersion(program, link) ??
    refusedFile(program, link, libc);
  if (stopped !== null) return stopped;
  const atStart = link.missingSymbols.find((symbol) => !symbol.atFirstCall);
  if (atStart !== undefined) return missingSymbol(atStart, link, libc);
  const [because] = link.undecided;
  if (because !== undefined) return undecided(because);
  const [later] = link.missingSymbols;
  return later === undefined
    ? null
    : ({ ...missingSymbol(later, link, libc), atFirstCall: true } as StartEnd);
}

function missingLibrary(
  program: string,
  { missingLibraries }: Link,
  libc: string,
): StartEnd | null {
  const [library, ...others] = missingLibraries;
  if (library === undefined) return null;
  const { name, neededBy, searched, because, elsewhere } = library;
  const why = because ?? `looked in ${searched.join(', ') || 'no directory'}`;
  // Of a file that is there the loader says what it has against it, in words of its own release.
  const isThere = because !== null;
  const end = fails(
    cause(isThere ? 'refused' : 'library', name),
    libc === 'musl'
      ? `Error loading shared library ${name}${isThere ? '' : ': No such file or directory'} (needed by ${neededBy})`
      : `${program}: error while loading shared libraries: ${name}${isThere ? '' : ': cannot open shared object file: No such file or directory'}`,
    `${name}, needed by ${neededBy}, is not found (${why})${besides(library, others)}`,
  );
  return isThere ? end : { ...end, missing: { libc, elsewhere: elsewhere ?? null } };
}

function missingVersion(program: string, { missingVersions }: Link): StartEnd | null {
  const [first] = missingVersions;
  if (first === undefined) return null;
  const { library, version, neededBy } = first;
  return fails(
    cause('version', library),
    `${program}: ${library}: version \`${version}' not found (required by ${neededBy})`,
    versionText(first),
  );
}

function refusedFile(program: string, { refusedFiles }: Link, libc: string): StartEnd | null {
  const [file] = refusedFiles;
  if (file === undefined) return null;
  const { path, because, kind } = file;
  return fails(cause('refused', path), saysOf(kind, libc, path, program), `${path} ${because}`);
}

function saysOf(
  kind: Link['refusedFiles'][number]['kind'],
  libc: string,
  path: string,
  program: string,
): string {
  if (kind === 'crash') return 'Segmentation fault';
  return libc === 'musl'
    ? `Error relocating ${path}: unsupported relocation type`
    : `${program}: error while loading shared libraries: ${path}`;
}

function missingSymbol(
  { name, neededBy }: Link['missingSymbols'][number],
  { missingSymbols }: Link,
  libc: string,
): StartEnd {
  const more = missingSymbols.length > 1 ? ` and ${missingSymbols.length - 1} more` : '';
  return fails(
    cause('symbol', name),
    libc === 'musl'
      ? `Error relocating ${neededBy}: ${name}: symbol not found`
      : `${neededBy}: symbol lookup error: ${neededBy}: undefined symbol: ${name}`,
    `nothing defines ${name}${more}, needed by ${neededBy}`,
  );
}
