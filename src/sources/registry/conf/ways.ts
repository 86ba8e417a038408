import { basename } from 'node:path';
import { UsageError } from '../../../base/errors.ts';
import { demandReference, isShortName, parseReference, type Reference } from '../reference.ts';
import type { Place, RegistriesConf, RegistryTable, Said } from './registries-conf.ts';

/** A full name that the reference may stand for, and from where it is fetched. */
export interface Candidate {
  /** As the report has it: short names are completed. */
  readonly name: string;
  readonly reference: Reference;
  /** What made a full name of a short one, for messages; null: it was one. */
  readonly because: string | null;
  /** In the order in which they are tried; the last one is the registry itself. */
  readonly ways: readonly Way[];
}

export interface Way {
  readonly reference: Reference;
  /** TLS without a check of the certificate, or no TLS. */
  readonly insecure: boolean;
  readonly isMirror: boolean;
  /** The file that forbids it; null: none. */
  readonly blockedBy: string | null;
}

/**
 * As podman resolves a name where nobody can be asked: an alias, else each registry of the list in turn; in a configuration
 * without a list, Docker's own registry. Throws UsageError.
 */
export function candidatesFor(text: string, conf: RegistriesConf): readonly Candidate[] {
  const reference = demandReference(text);
  const found = isShortName(text) ? completed(text, conf) : [];
  // What it would be anyway needs no other name.
  const isUsual =
    found.length === 1 && nameOf(found[0]?.reference ?? reference) === nameOf(reference);
  return found.length === 0 || isUsual ? [candidate(text, reference, null, conf)] : found;
}

/** Nothing: no file says what the short name stands for. */
function completed(text: string, conf: RegistriesConf): readonly Candidate[] {
  const [, repository = text, version = ''] = /^([^:@]+)(.*)$/s.exec(text) ?? [];
  const alias = conf.aliases.get(repository);
  if (alias !== undefined && alias.value !== '') {
    const name = `${alias.value}${version}`;
    const because = `${repository} is an alias in ${basename(alias.by)}`;
    return [candidate(name, aliased(repository, name, alias), because, conf)];
  }
  const { search } = conf;
  if (search === null) return [];
  const because = `${repository} is a short name, and ${basename(search.by)} says in which registries it is looked for`;
  const names = search.value.map((host) => `${host}/${text}`);
  if (names.length > 1 && conf.shortNameMode === 'enforcing')
    throw new UsageError(
      `${text} is a short name, and short-name-mode in ${search.by} is enforcing: choose ${names.map((name) => `registry:${name}`).join(' or ')}`,
    );
  return names.map((name) => candidate(name, demandReference(name), because, conf));
}

function aliased(repository: string, name: string, { value, by }: Said<string>): Reference {
  const isFull = !isShortName(value) && !/@|:[^/]*$/.test(value);
  const reference = isFull ? parseReference(name) : null;
  if (reference !== null) return reference;
  throw new UsageError(`${by}: the alias ${repository} is ${value}, expected HOST[:PORT]/NAME`);
}

function candidate(
  name: string,
  reference: Reference,
  because: string | null,
  conf: RegistriesConf,
): Candidate {
  return { name, reference, because, ways: waysTo(reference, conf) };
}

function waysTo(reference: Reference, conf: RegistriesConf): readonly Way[] {
  const table = tableFor(reference, conf);
  if (table === null) return [way(reference, { location: '', insecure: false }, null, false, conf)];
  const isDigest = reference.version.includes(':');
  const mirrors = table.mirrors.filter(
    ({ serves }) => serves === 'all' || (serves === 'digest-only') === isDigest,
  );
  return [
    ...mirrors.map((mirror) => way(reference, mirror, table, true, conf)),
    way(reference, table, table, false, conf),
  ];
}

function way(
  asked: Reference,
  place: Place,
  table: RegistryTable | null,
  isMirror: boolean,
  conf: RegistriesConf,
): Way {
  const reference = table === null ? asked : moved(asked, place, table);
  // podman looks at what the place itself is said to be, so that a mirror serves what a blocked registry has.
  const there = tableFor(reference, conf);
  const blocking = [isMirror ? null : table, there].find((each) => each?.blocked);
  return { reference, isMirror, insecure: place.insecure, blockedBy: blocking?.by ?? null };
}

function moved(asked: Reference, { location }: Place, { prefix, by }: RegistryTable): Reference {
  if (location === '') return asked;
  const rest = nameOf(asked).slice(matched(nameOf(asked), prefix));
  const { version } = asked;
  const name = `${location}${rest}${version.includes(':') ? '@' : ':'}${version}`;
  const reference = isShortName(name) ? null : parseReference(name);
  if (reference !== null) return reference;
  throw new UsageError(
    `${by}: the location ${location} makes ${name} of the image, which is not a reference`,
  );
}

/** The one with the longest prefix. */
function tableFor(reference: Reference, { tables }: RegistriesConf): RegistryTable | null {
  const name = nameOf(reference);
  let best: RegistryTable | null = null;
  for (const table of tables)
    if (matched(name, table.prefix) >= 0 && table.prefix.length > (best?.prefix.length ?? 0))
      best = table;
  return best;
}

/** How much of a name a prefix stands for; -1: it is none of this name. A host also stands for itself with any port. */
function matched(name: string, prefix: string): number {
  if (prefix.startsWith('*.')) {
    const [host = ''] = /^[^/:]*/.exec(name) ?? [];
    return host.endsWith(prefix.slice(1)) ? host.length : -1;
  }
  if (!name.startsWith(prefix)) return -1;
  return name.length === prefix.length || /[:/]/.test(name.charAt(prefix.length))
    ? prefix.length
    : -1;
}

function nameOf({ registry, repository }: Reference): string {
  return `${registry}/${repository}`;
}
