import { isBinary } from '../report/all-judged.ts';
import { factAt } from '../report/fact-at.ts';
import type { Judged } from '../report/report.ts';

/** What is known of a binary that sets it apart from others. Null and empty: not known. */
export interface Identified {
  readonly path: string;
  readonly aliases: readonly string[];
  readonly sha256: string | null;
  readonly buildId: string | null;
  /** Of which machine it is code. */
  readonly machine: string | null;
  /** Name of the package or module that brought it. */
  readonly brought: string | null;
  readonly soname: string | null;
  readonly traits: Traits;
}

/** What two releases of the same program or library have in common, most of the time. */
export interface Traits {
  readonly kind: string | null;
  readonly size: number | null;
  /** Go's path of the main package. */
  readonly main: string | null;
  readonly languages: readonly string[];
  readonly needed: readonly string[];
  /** Those imports that facts name, as without FORTIFY: a release that lost it has no other functions. */
  readonly imports: readonly string[];
}

/** A saved report may be of a version whose facts were others, so nothing is taken for granted. */
export function identified(judged: Judged): Identified {
  const text = (path: string) => textOf(factAt(judged, path));
  const list = (path: string) => listOf(factAt(judged, path));
  const [name, bits, order] = ['name', 'bits', 'byteOrder'].map((member) =>
    factAt(judged, `machine.${member}`),
  );
  return {
    path: judged.path,
    aliases: judged.aliases,
    sha256: judged.sha256,
    buildId: text('buildId.id'),
    machine: name === undefined ? null : `${name} ${bits} ${order}`,
    brought: text('ownership.component.group') ?? text('package.name'),
    soname: text('soname'),
    traits: {
      kind: text('kind.kind'),
      size: isBinary(judged) ? judged.size : null,
      main: text('go.main.path'),
      languages: listOf(factAt(judged, 'language'), 'name'),
      needed: list('needed'),
      imports: [
        ...new Set([...list('fortify.fortified'), ...list('fortify.fortifiable')].map(unchecked)),
      ],
    },
  };
}

/** Where only the path, the package and the build ID were kept. */
export function identifiedByPath(
  path: string,
  { brought, buildId }: Pick<Identified, 'brought' | 'buildId'>,
): Identified {
  const traits = { kind: null, size: null, main: null, languages: [], needed: [], imports: [] };
  const unknown = { aliases: [], sha256: null, machine: null, soname: null };
  return { path, brought, buildId, ...unknown, traits };
}

/** `strcpy` of `__strcpy_chk`, `open` of `__open_2`. */
function unchecked(name: string): string {
  return /^__(.+)_(?:chk|2)$/.exec(name)?.[1] ?? name;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function listOf(value: unknown, member?: string): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    const text: unknown =
      member !== undefined && typeof each === 'object' && each !== null
        ? Reflect.get(each, member)
        : each;
    return typeof text === 'string' ? [text] : [];
  });
}
