/** What a value must be: to read it, and to publish as JSON Schema. `V` is a value as its document has it. */
export interface Shape<T, V> {
  readonly schema: JsonSchema;
  /** A member that an object may lack. */
  readonly optional?: true;
  /** The name that this member had in versions before. */
  readonly oldName?: string;
  /** Throws UsageError: where the value stands, what was seen and what was expected. */
  read(value: V): T;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** How values of one kind of document are looked into, and what is said of a mistake. All that throws is UsageError. */
export interface Access<V> {
  /** Null where it is not a list. */
  items(value: V): readonly V[] | null;
  /** Names of its members; null where it has none. */
  names(value: V): readonly string[] | null;
  /** Null where it is not there. */
  member(value: V, name: string): V | null;
  /** The name of a member, as a value. */
  key(value: V, name: string): V;
  /** In which order an object with these members reads what the value has, or lacks. */
  order(value: V, names: readonly string[]): readonly string[];
  /** What is read in place of a member that must be there. */
  missing(value: V, name: string): V;
  /** A member that the object does not know. */
  unknown(value: V, name: string, names: readonly string[]): void;
  refuse(value: V, expected: string): never;
  /** What an object of these members is called. */
  nameOfObject(names: readonly string[]): string;
  readonly nameOfRecord: string;
  /** Reads all, and says of how many what is wrong. */
  each<I, T>(items: readonly I[], read: (item: I) => T): readonly T[];
  /** The same of two. */
  both<A, B>(first: () => A, second: () => B): readonly [A, B];
}

export function described<T, V>(description: string, shape: Shape<T, V>): Shape<T, V> {
  return { ...shape, schema: { ...shape.schema, description } };
}

export function optional<T, V>(shape: Shape<T, V>): Shape<T, V> {
  return { ...shape, optional: true };
}

/** A member that versions before had by another name is read by that too. */
export function renamed<T, V>(oldName: string, shape: Shape<T, V>): Shape<T, V> {
  return { ...shape, oldName };
}

/** The shapes of everything that holds other values, for one kind of document. */
export function shapesFor<V>(access: Access<V>) {
  /** What is not a list is refused as `expected`. */
  function list<T>(item: Shape<T, V>, expected = 'a list'): Shape<readonly T[], V> {
    return {
      schema: { type: 'array', items: item.schema },
      read(value) {
        const items = access.items(value) ?? access.refuse(value, expected);
        return access.each(items, (one) => item.read(one));
      },
    };
  }

  /** Members of any name, or of those that `key` reads. */
  function record<T>(
    item: Shape<T, V>,
    key: Shape<string, V> | null = null,
  ): Shape<Readonly<Record<string, T>>, V> {
    const names = key === null ? {} : { propertyNames: key.schema };
    return {
      schema: { type: 'object', ...names, additionalProperties: item.schema },
      read(value) {
        const found = access.names(value) ?? access.refuse(value, access.nameOfRecord);
        const entries = access.each(found, (name) =>
          access.both(
            () => (key === null ? name : key.read(access.key(value, name))),
            () => item.read(access.member(value, name) ?? access.missing(value, name)),
          ),
        );
        return Object.fromEntries(entries);
      },
    };
  }

  /** `isOpen`: members of a later version are left out, and the schema allows them. */
  function object<T extends object>(
    members: { readonly [Key in keyof T]-?: Shape<Exclude<T[Key], undefined>, V> },
    isOpen: boolean,
  ): Shape<T, V> {
    const shapes = new Map(Object.entries<Shape<unknown, V>>(members));
    const names = [...shapes.keys()];
    const required = names.filter((name) => !shapes.get(name)?.optional);
    return {
      schema: {
        type: 'object',
        properties: Object.fromEntries([...shapes].map(([name, { schema }]) => [name, schema])),
        ...(isOpen ? {} : { additionalProperties: false }),
        ...(isOpen || required.length > 0 ? { required } : {}),
      },
      read(value) {
        if (access.names(value) === null) access.refuse(value, access.nameOfObject(names));
        const entries = access.each(access.order(value, names), (name) => {
          const shape = shapes.get(name);
          return shape === undefined
            ? access.unknown(value, name, names)
            : readMember(access, value, name, shape);
        });
        // Built member by member from the shapes of T, which the compiler cannot follow through entries.
        return Object.fromEntries(entries.filter((entry) => entry !== undefined)) as T;
      },
    };
  }

  return { list, record, object };
}

/** Its name and value; undefined where it is not there and need not be. */
function readMember<V>(access: Access<V>, value: V, name: string, shape: Shape<unknown, V>) {
  const { oldName } = shape;
  const found =
    access.member(value, name) ?? (oldName === undefined ? null : access.member(value, oldName));
  if (found === null && shape.optional) return undefined;
  return [name, shape.read(found ?? access.missing(value, name))] as const;
}
