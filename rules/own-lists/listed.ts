import {
  type AllowedNames,
  compileGlob,
  type DeniedNames,
  type Evidence,
  isMuslName,
  type KnownFacts,
  listed,
} from '../../src/judge/rule.ts';

export type Asked = KnownFacts<
  'ownLists' | 'needed' | 'imports' | 'exports' | 'openedNames' | 'libc' | 'linking'
>;

/** What one list says. */
export interface Answer {
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** Of a failure: each name that is not as the list has it, `imports gets`. */
  readonly faults?: readonly string[];
}

/** One for each list that concerns the file. */
export function answersOf(facts: Asked): readonly Answer[] {
  const { needed, denied, exports } = facts.ownLists ?? {};
  const isLinked = facts.linking.how !== 'none';
  return [
    ...(needed === undefined || !isLinked ? [] : [ofNeeded(facts, needed)]),
    ...(denied === undefined ? [] : [ofImports(facts, denied)]),
    ...(exports === undefined || !isLinked ? [] : [ofExports(facts, exports)]),
  ];
}

function ofNeeded({ needed, libc, openedNames }: Asked, { names, origin }: AllowedNames): Answer {
  const isListed = anyOf(names, asFile);
  // musl's loader is its C library, under each of these names.
  const isMusl = libc.name === 'musl' && names.some(isMuslName);
  const isAllowed = (name: string) => isListed(name) || (isMusl && isMuslName(name));
  const others = needed.filter((name) => !isAllowed(name));
  const opened = openedNames.names.filter((name) => !isAllowed(name));
  const mayOpen = opened.map((saw) => ({ what: 'name that it may open, not in the list', saw }));
  if (others.length === 0) {
    const says = needed.length === 0 ? 'needs no library' : 'needs only libraries of the list';
    return { outcome: 'pass', says, evidence: cut(mayOpen) };
  }
  return {
    outcome: 'fail',
    says: `needs ${listed(others)}, which allow.needed at ${origin} does not have`,
    evidence: cut([...others.map((saw) => ({ what: 'DT_NEEDED', saw })), ...mayOpen]),
    faults: others.map((name) => `needs ${name}`),
  };
}

function ofImports({ imports, linking, libc }: Asked, lists: readonly DeniedNames[]): Answer {
  const isStatic = linking.how === 'static';
  if (isStatic && libc.name === 'none')
    return { outcome: 'pass', says: 'imports nothing, and has no C library', evidence: [] };
  if (imports.seenIn === null) {
    const says = 'what a static program without .symtab calls is not known';
    return { outcome: 'unknown', says, evidence: [] };
  }
  const found = lists.flatMap((list) => metBy(imports.names, list));
  if (found.length === 0)
    return { outcome: 'pass', says: 'imports nothing that is denied', evidence: [] };
  const weak = new Set(imports.weak);
  const evidence = found.map(({ name, list }) => ({
    what: isStatic ? 'function in .symtab' : weak.has(name) ? 'weak import' : 'import',
    saw: `${name}, denied by ${list.origin}`,
  }));
  // A C library calls functions of its own.
  if (isStatic) {
    const says = `contains ${listed(namesOf(found))}, and whether only its C library calls that is not known`;
    return { outcome: 'unknown', says, evidence: cut(evidence) };
  }
  const says = lists
    .map((list) => ({ list, names: namesOf(found.filter((one) => one.list === list)) }))
    .filter(({ names }) => names.length > 0)
    .map(({ list: { origin, reason }, names }) => {
      const why = reason === '' ? '' : `: ${reason}`;
      return `imports ${listed(names)}, denied by ${origin}${why}`;
    });
  const faults = namesOf(found).map((name) => `imports ${name}`);
  return { outcome: 'fail', says: says.join('; '), evidence: cut(evidence), faults };
}

interface Met {
  readonly name: string;
  readonly list: DeniedNames;
}

function metBy(names: readonly string[], list: DeniedNames): readonly Met[] {
  const isMeant = anyOf(list.names, asSymbol);
  return names.filter(isMeant).map((name) => ({ name, list }));
}

function namesOf(found: readonly Met[]): readonly string[] {
  return [...new Set(found.map(({ name }) => name.replace(/@.*/, '')))];
}

function ofExports({ exports }: Asked, { names, origin }: AllowedNames): Answer {
  const isListed = anyOf(names, asSymbol);
  const others = exports.filter((name) => !isListed(name));
  if (others.length === 0) {
    const says = exports.length === 0 ? 'exports nothing' : 'exports only symbols of the list';
    return { outcome: 'pass', says, evidence: [] };
  }
  return {
    outcome: 'fail',
    says: `exports ${listed(others)}, which allow.exports at ${origin} does not have`,
    evidence: cut(others.map((saw) => ({ what: 'export', saw }))),
    faults: others.map((name) => `exports ${name}`),
  };
}

/** A reader needs no more of them, and a library can have thousands. */
const mostShown = 50;

function cut(evidence: readonly Evidence[]): readonly Evidence[] {
  const rest = evidence.length - mostShown;
  if (rest <= 0) return evidence;
  return [...evidence.slice(0, mostShown), { what: 'more like these', saw: String(rest) }];
}

type Matches = (name: string) => boolean;

function anyOf(globs: readonly string[], compile: (glob: string) => Matches): Matches {
  const compiled = globs.map(compile);
  return (name) => compiled.some((matches) => matches(name));
}

/** A path names one file: a name alone does not allow it. */
function asFile(glob: string): Matches {
  const matches = compileGlob(glob);
  const isPath = glob.includes('/');
  return (name) => (isPath || !name.includes('/')) && matches(name);
}

/** A glob without a version is for each of them. Slashes have no meaning in a symbol. */
function asSymbol(glob: string): Matches {
  const matches = compileGlob(inOnePart(glob));
  const isVersioned = glob.includes('@');
  return (symbol) => matches(inOnePart(isVersioned ? symbol : symbol.replace(/@.*/, '')));
}

function inOnePart(text: string): string {
  return text.replaceAll('/', '\u2215');
}
