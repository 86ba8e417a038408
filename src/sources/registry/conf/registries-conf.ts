import type { TomlTable, TomlValue } from 'smol-toml';
import { UsageError } from '../../../base/errors.ts';

/** What the files of registries.conf say together (containers-registries.conf(5), as containers/image reads them). */
export interface RegistriesConf {
  /** Registries in which short names are looked for, in this order; null: no file has such a list. */
  readonly search: Said<readonly string[]> | null;
  /** Short names without tag and digest; '' erases one. */
  readonly aliases: ReadonlyMap<string, Said<string>>;
  /** null: no file says it, which is `permissive`. */
  readonly shortNameMode: ShortNameMode | null;
  readonly tables: readonly RegistryTable[];
}

export interface Said<Value> {
  readonly value: Value;
  /** The file that says it. */
  readonly by: string;
}

export type ShortNameMode = 'enforcing' | 'permissive' | 'disabled';

/** Where an image is fetched from. */
export interface Place {
  /** `HOST[:PORT][/NAMESPACE]`, in place of the prefix; '' of a prefix with a wildcard: the name stays. */
  readonly location: string;
  /** TLS without a check of the certificate, or none. */
  readonly insecure: boolean;
}

export interface RegistryTable extends Place {
  readonly prefix: string;
  readonly blocked: boolean;
  readonly mirrors: readonly Mirror[];
  readonly by: string;
}

export interface Mirror extends Place {
  readonly serves: 'all' | 'digest-only' | 'tag-only';
}

export const nothingConfigured: RegistriesConf = {
  search: null,
  aliases: new Map(),
  shortNameMode: null,
  tables: [],
};

/** What a file says itself. Throws UsageError, as containers/image refuses the file. */
export function readRegistriesConf(document: TomlTable, by: string): RegistriesConf {
  const reader = readerOf(by);
  const old = reader.table(document, 'registries');
  const registries = reader.tables(document, 'registry');
  const search = reader.texts(document, 'unqualified-search-registries');
  if (old !== null && (registries.length > 0 || search !== null))
    throw reader.wrong('it mixes the old form ([registries.search]) with [[registry]]');
  const tables =
    old === null ? registries.map((each) => tableOf(each, reader)) : ofOldForm(old, reader);
  refuseConflicts(tables, reader);
  return {
    search: saidSearch(search ?? (old === null ? null : oldList(old, 'search', reader)), reader),
    aliases: aliasesOf(document, reader),
    shortNameMode: modeOf(reader.text(document, 'short-name-mode'), reader),
    // Of several tables with one prefix in a file, the first counts.
    tables: tables.filter(
      ({ prefix }, at) => tables.findIndex((other) => other.prefix === prefix) === at,
    ),
  };
}

/** What is in `later` replaces what `earlier` says of the same. */
export function mergedConf(earlier: RegistriesConf, later: RegistriesConf): RegistriesConf {
  const replaced = new Set(later.tables.map(({ prefix }) => prefix));
  return {
    search: later.search ?? earlier.search,
    aliases: new Map([...earlier.aliases, ...later.aliases]),
    shortNameMode: later.shortNameMode ?? earlier.shortNameMode,
    tables: [...earlier.tables.filter(({ prefix }) => !replaced.has(prefix)), ...later.tables],
  };
}

function tableOf(table: TomlTable, reader: Reader): RegistryTable {
  const location = placeName(reader.text(table, 'location') ?? '', reader);
  const prefix = placeName(reader.text(table, 'prefix') ?? '', reader) || location;
  if (prefix === '') throw reader.wrong('a [[registry]] has neither location nor prefix');
  const isWild = prefix.startsWith('*.');
  if (location === '' && !isWild) throw reader.wrong(`the [[registry]] ${prefix} has no location`);
  if (isWild && /[/@:]/.test(prefix))
    throw reader.wrong(
      `the prefix ${prefix} is not a host with a wildcard, expected *.example.com`,
    );
  const onlyDigests = reader.flag(table, 'mirror-by-digest-only');
  return {
    ...{ prefix, location, by: reader.by },
    insecure: reader.flag(table, 'insecure'),
    blocked: reader.flag(table, 'blocked'),
    mirrors: reader.tables(table, 'mirror').map((each) => mirrorOf(each, onlyDigests, reader)),
  };
}

function mirrorOf(table: TomlTable, onlyDigests: boolean, reader: Reader): Mirror {
  const location = placeName(reader.text(table, 'location') ?? '', reader);
  if (location === '') throw reader.wrong('a [[registry.mirror]] has no location');
  const serves = reader.text(table, 'pull-from-mirror') ?? '';
  if (onlyDigests && serves !== '')
    throw reader.wrong(`pull-from-mirror of ${location} contradicts mirror-by-digest-only`);
  if (serves !== '' && serves !== 'all' && serves !== 'digest-only' && serves !== 'tag-only')
    throw reader.wrong(`pull-from-mirror is ${serves}, expected all, digest-only or tag-only`);
  const insecure = reader.flag(table, 'insecure');
  return { location, insecure, serves: onlyDigests ? 'digest-only' : serves || 'all' };
}

/** [registries.search], [registries.insecure] and [registries.block], each with a list `registries`. */
function ofOldForm(old: TomlTable, reader: Reader): readonly RegistryTable[] {
  const listed = (name: string) =>
    new Set((oldList(old, name, reader) ?? []).map((each) => placeName(each, reader)));
  const [blocked, insecure] = [listed('block'), listed('insecure')];
  return [...new Set([...blocked, ...insecure])].map((location) => ({
    ...{ prefix: location, location, by: reader.by, mirrors: [] },
    insecure: insecure.has(location),
    blocked: blocked.has(location),
  }));
}

function oldList(old: TomlTable, name: string, reader: Reader): readonly string[] | null {
  const table = reader.table(old, name);
  return table === null ? null : reader.texts(table, 'registries');
}

function saidSearch(list: readonly string[] | null, reader: Reader): RegistriesConf['search'] {
  if (list === null) return null;
  const value = list.map((each) => placeName(each, reader));
  const wrong = value.find((each) => !/^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d+)?$/i.test(each));
  if (wrong === undefined) return { value, by: reader.by };
  throw reader.wrong(`unqualified-search-registries has ${wrong}, expected HOST[:PORT]`);
}

function aliasesOf(document: TomlTable, reader: Reader): RegistriesConf['aliases'] {
  const table = reader.table(document, 'aliases') ?? {};
  return new Map(
    Object.keys(table).map((name) => [
      name,
      { value: reader.text(table, name) ?? '', by: reader.by },
    ]),
  );
}

function modeOf(text: string | null, reader: Reader): ShortNameMode | null {
  if (text === null || text === '') return null;
  if (text === 'enforcing' || text === 'permissive' || text === 'disabled') return text;
  throw reader.wrong(`short-name-mode is ${text}, expected enforcing, permissive or disabled`);
}

/** Two tables for one location must agree in what concerns safety. */
function refuseConflicts(tables: readonly RegistryTable[], reader: Reader): void {
  const known = new Map<string, RegistryTable>();
  for (const table of tables) {
    const key = table.location || table.prefix;
    const other = known.get(key) ?? table;
    known.set(key, other);
    for (const name of ['insecure', 'blocked'] as const)
      if (other[name] !== table[name])
        throw reader.wrong(`${key} occurs twice, and only one of them is ${name}`);
  }
}

/** The port of HTTPS is not part of a name here. */
function placeName(text: string, reader: Reader): string {
  if (/^https?:\/\//.test(text)) throw reader.wrong(`${text} is an address, expected HOST[:PORT]`);
  return text.replace(/\/+$/, '').replace(/^([^/]*?):443(?=\/|$)/, '$1');
}

type Reader = ReturnType<typeof readerOf>;

/** Names of members in any case: BurntSushi/toml takes them so where the exact name is not there. */
function readerOf(by: string) {
  const wrong = (what: string) => new UsageError(`${by}: ${what}`);
  const member = (table: TomlTable, name: string): TomlValue | undefined =>
    Object.hasOwn(table, name)
      ? table[name]
      : Object.entries(table).find(([key]) => key.toLowerCase() === name)?.[1];
  const checked =
    <Value>(kind: string, is: (value: TomlValue) => value is Value & TomlValue) =>
    (table: TomlTable, name: string): Value | null => {
      const value = member(table, name);
      if (value === undefined) return null;
      if (is(value)) return value;
      throw wrong(`${name} is not ${kind}`);
    };
  const isText = (value: TomlValue): value is string => typeof value === 'string';
  const isTable = (value: TomlValue): value is TomlTable =>
    typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  const isList = <Item extends TomlValue>(is: (value: TomlValue) => value is Item) => {
    return (value: TomlValue): value is Item[] => Array.isArray(value) && value.every(is);
  };
  const flag = checked('true or false', (value): value is boolean => typeof value === 'boolean');
  const tables = checked('a list of tables', isList(isTable));
  return {
    by,
    wrong,
    text: checked('a text', isText),
    texts: checked('a list of texts', isList(isText)),
    table: checked('a table', isTable),
    flag: (table: TomlTable, name: string) => flag(table, name) ?? false,
    tables: (table: TomlTable, name: string) => tables(table, name) ?? [],
  };
}
