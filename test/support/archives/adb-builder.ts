import { createHash } from 'node:crypto';

/** A package of apk-tools 3, by apk-v3(5) and src/adb.h, src/apk_adb.h of apk-tools. What is left out is plain. */
export interface AdbPackage {
  /** By their numbers: 1 is the name, 2 the version, 5 the architecture. */
  readonly info?: Readonly<Record<number, string | Buffer>>;
  /** By their numbers: 3 is `.post-install`. */
  readonly scripts?: Readonly<Record<number, string>>;
  readonly folders: readonly AdbFolder[];
  readonly signature?: Buffer;
  /** Sizes of blocks have 64 bits. */
  readonly isLong?: boolean;
}

export interface AdbFolder {
  readonly name: string;
  readonly mode?: number;
  readonly files: readonly AdbFile[];
}

export interface AdbFile {
  readonly name: string;
  readonly body?: string | Buffer;
  /** In the place of a body: the type of `st_mode`, and what it leads to. */
  readonly target?: readonly [type: number, text: string];
  readonly mode?: number;
  readonly user?: string;
  /** `NAME\0VALUE` */
  readonly attributes?: readonly Buffer[];
  /** A wrong one. */
  readonly digest?: Buffer;
}

/** Uncompressed, from `ADB.` on. */
export function adbOf(given: AdbPackage): Buffer {
  const writer = new AdbWriter();
  const root = writer.object([
    writer.object(fieldsOf(given.info ?? {}, (text) => writer.blob(text))),
    writer.array(given.folders.map((folder) => folderOf(writer, folder))),
    writer.object(fieldsOf(given.scripts ?? {}, (text) => writer.blob(text))),
  ]);
  const data = given.folders.flatMap(({ files }, folder) =>
    files.flatMap(({ body = '', target }, file) =>
      body.length === 0 || target !== undefined
        ? []
        : [block(2, Buffer.concat([words(folder + 1, file + 1), Buffer.from(body)]), given.isLong)],
    ),
  );
  const signature = given.signature === undefined ? [] : [block(1, given.signature)];
  const list = block(0, writer.finish(root), given.isLong);
  return Buffer.concat([Buffer.from('ADB.pckg'), list, ...signature, ...data]);
}

function folderOf(writer: AdbWriter, { name, mode = 0o755, files }: AdbFolder): number {
  return writer.object([
    writer.blob(name),
    writer.object([mode, writer.blob('root'), writer.blob('root')].map(direct)),
    writer.array(files.map((file) => fileOf(writer, file))),
  ]);
}

function fileOf(writer: AdbWriter, given: AdbFile): number {
  const { name, body = '', target, mode = 0o755, user = 'root', attributes = [] } = given;
  const digest = given.digest ?? createHash('sha256').update(body).digest();
  const access = [
    direct(mode),
    writer.blob(user),
    writer.blob('root'),
    writer.array(attributes.map((each) => writer.blob(each))),
  ];
  const leads = target === undefined ? 0 : writer.blob(targetOf(target));
  return writer.object([
    ...[writer.blob(name), writer.object(access), writer.number(body.length), 0],
    ...[target === undefined ? writer.blob(digest) : 0, leads],
  ]);
}

function targetOf([type, text]: readonly [number, string]): Buffer {
  const start = Buffer.alloc(2);
  start.writeUInt16LE(type);
  return Buffer.concat([start, Buffer.from(text)]);
}

function fieldsOf<T>(given: Readonly<Record<number, T>>, write: (value: T) => number): number[] {
  const numbers = Object.keys(given).map(Number);
  return Array.from({ length: Math.max(0, ...numbers) }, (_, at) => {
    const value = given[at + 1];
    return value === undefined ? 0 : write(value);
  });
}

/** A number that is a value already stays one: those of tests are small, or have a type. */
function direct(value: number): number {
  return value < 2 ** 28 ? 2 ** 28 + value : value;
}

export class AdbWriter {
  readonly #parts: Buffer[] = [Buffer.alloc(8)];
  #size = 8;

  number(value: number): number {
    if (value < 2 ** 28) return direct(value);
    return 0x20000000 + this.add(words(value));
  }

  blob(value: string | Buffer): number {
    const bytes = Buffer.from(value);
    if (bytes.length > 0xff)
      return 0x90000000 + this.add(Buffer.concat([half(bytes.length), bytes]));
    return 0x80000000 + this.add(Buffer.concat([Buffer.of(bytes.length), bytes]));
  }

  object(values: readonly number[]): number {
    return 0xe0000000 + this.add(words(values.length + 1, ...values));
  }

  array(values: readonly number[]): number {
    return 0xd0000000 + this.add(words(values.length + 1, ...values));
  }

  /** Where it lies. */
  add(bytes: Buffer): number {
    const padding = (4 - (this.#size % 4)) % 4;
    const at = this.#size + padding;
    this.#parts.push(Buffer.alloc(padding), bytes);
    this.#size = at + bytes.length;
    return at;
  }

  finish(root: number): Buffer {
    const all = Buffer.concat(this.#parts);
    all.writeUInt32LE(root, 4);
    return all;
  }
}

/** With its header and its padding. */
export function block(type: number, content: Buffer, isLong = false): Buffer {
  const size = content.length + (isLong ? 16 : 4);
  const header = isLong ? words(0xc0000000 + type, 0, size, 0) : words(type * 2 ** 30 + size);
  return Buffer.concat([header, content, Buffer.alloc((8 - (size % 8)) % 8)]);
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * at);
  return bytes;
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
