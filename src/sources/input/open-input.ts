import { createReadStream, readdirSync, type Stats } from 'node:fs';
import { beginningOf } from '../../archive/beginning.ts';
import { decompress } from '../../archive/decompress.ts';
import { findZipEnd } from '../../archive/zip/zip-end.ts';
import { DamagedInput, UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { explained } from '../../base/system-error.ts';
import { type OpenFile, openFile } from '../bytes/open-file.ts';
import { spool, standardInput } from '../bytes/spool.ts';
import { behindScript } from '../nested/script.ts';
import { formatOf, headSize, isFileSystem } from './file-format.ts';
import type { DirectoryInput, FileInput, Holding, Input } from './input.ts';
import { holdingOf } from './kind-by-names.ts';
import { locate, type Place } from './path-of-reference.ts';
import { holdingOfTar, peekCompressed, seekableArchive } from './seekable-archive.ts';

export interface OpenInput {
  readonly input: Input;
  /** Safe to call twice. */
  close(): void;
}

/**
 * Opens what a reference names: a path, a path with a selector (`FILE:repo:tag`, `DIR@sha256:…`), or `-` for standard
 * input. A pipe is copied first, since all reading is by position. Throws UsageError in one sentence.
 */
export async function openInput(reference: string, limits: Limits): Promise<OpenInput> {
  const standard = /^-(?::(.+)|(@.+))?$/s.exec(reference);
  if (standard !== null)
    return streamInput('-', standard[1] ?? standard[2] ?? null, await standardInput(), limits);
  const place = locate(reference);
  const { path, selector, stats } = place;
  if (stats.isDirectory()) return { input: directoryInput(place), close: () => {} };
  if (stats.isFIFO()) return streamInput(path, selector, createReadStream(path), limits);
  if (!stats.isFile()) throw new UsageError(`${path} is neither a file nor a directory`);
  const file = explained(path, () => openFile(path, 'follow'));
  return fileInput(place, { file, damage: null }, limits);
}

function directoryInput({ path, selector }: Place): DirectoryInput {
  const names = explained(path, () => readdirSync(path));
  // A directory with a manifest.json is not a docker-archive, but may be the OCI layout that newer ones contain as
  // well.
  const layoutNames = names.filter((name) => name !== 'manifest.json' && name !== 'repositories');
  return { kind: 'directory', name: path, path, selector, holds: holdingOf(layoutNames), names };
}

/** What arrives as a stream, copied first. `name` is for reports. */
export function openStream(
  name: string,
  bytes: AsyncIterable<Buffer>,
  limits: Limits,
): Promise<OpenInput> {
  return streamInput(name, null, bytes, limits);
}

/** A part of a file that is open already, and that its opener closes. */
export function openBytes(name: string, bytes: RandomAccess, limits: Limits): Promise<OpenInput> {
  const file = { ...bytes, close: () => {} };
  return fileInput({ path: name, selector: null, stats: null }, { file, damage: null }, limits);
}

async function streamInput(
  path: string,
  selector: string | null,
  bytes: AsyncIterable<Buffer>,
  limits: Limits,
): Promise<OpenInput> {
  return fileInput(
    { path, selector, stats: null },
    await spool(bytes, limits.maxLayerSize),
    limits,
  );
}

/** `stats` is null for a stream, which has no useful mode or owner. */
type FilePlace = Omit<Place, 'stats'> & { readonly stats: Stats | null };

/** A file whose bytes can be read, and why they may end too early. */
interface Whole {
  readonly file: RandomAccess & Pick<OpenFile, 'close'>;
  readonly damage: DamagedInput | null;
}

async function fileInput(place: FilePlace, stored: Whole, limits: Limits): Promise<OpenInput> {
  const { path, selector, stats } = place;
  const notices: string[] = [];
  const noticing = { ...limits, behind: (message: string) => void notices.push(message) };
  const { whole, format } = await unpackedImage(stored, limits, noticing);
  const { file } = whole;
  const opened = whole === stored ? [file] : [stored.file, file];
  const archive = once(async () => {
    const plain =
      format === 'compressed'
        ? await spool(decompress(file.stream(0, file.size), limits), limits.maxLayerSize)
        : whole;
    if (plain !== whole) opened.push(plain.file);
    return seekableArchive(plain, limits);
  });
  const holds = once(async (): Promise<Holding> => {
    if (format === 'tar') return holdingOfTar(file, limits);
    if (format !== 'compressed') return 'no-archive';
    const peeked = await peekCompressed(file, limits);
    return peeked === 'image' ? holdingOfTar((await archive()).file, limits) : peeked;
  });
  const owner = {
    mode: (stats?.mode ?? 0o644) & 0o7777,
    uid: stats?.uid ?? 0,
    gid: stats?.gid ?? 0,
  };
  const input: FileInput = {
    kind: 'file',
    name: path,
    selector,
    file,
    format,
    damage: whole.damage,
    notices,
    ...owner,
    holds,
    archive,
  };
  return { input, close: () => opened.forEach((each) => void each.close()) };
}

/**
 * An image of a file system or a disk that is compressed has to be unpacked before anything of it can be read. Of a script
 * that carries an archive, the archive is what is read.
 */
async function unpackedImage(given: Whole, limits: Limits, noticing: Limits) {
  const stored = await withoutScript(given);
  const { file } = stored;
  const format = await formatIn(file);
  if (format !== 'compressed') return { whole: stored, format };
  const plain = () => decompress(file.stream(0, file.size), limits);
  const inner = await formatInside(plain());
  if (inner !== 'disk' && !isFileSystem(inner)) return { whole: stored, format };
  const unpacked = decompress(file.stream(0, file.size), noticing);
  const whole: Whole = await spool(unpacked, limits.maxLayerSize);
  return { whole, format: inner };
}

async function withoutScript(stored: Whole): Promise<Whole> {
  const { file, damage } = stored;
  // A zip archive is found from its end, whatever is in front.
  if ((await formatIn(file)) !== 'unknown' || (await findZipEnd(file)) !== null) return stored;
  const archive = await behindScript(file);
  return archive === null ? stored : { file: { ...archive, close: () => file.close() }, damage };
}

async function formatIn(file: RandomAccess): Promise<FileInput['format']> {
  return formatOf(await file.read(0, Math.min(file.size, headSize)));
}

/** The reader reports damage this early. */
async function formatInside(plain: AsyncIterable<Buffer>): Promise<FileInput['format']> {
  try {
    return formatOf(await beginningOf(plain, headSize));
  } catch (error) {
    if (error instanceof DamagedInput) return 'unknown';
    throw error;
  }
}

function once<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
