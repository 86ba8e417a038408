import { MalformedInput } from '../base/errors.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';
import type { ListedFile, ListedFiles } from './cpio/cpio-header.ts';
import { type RpmHeader, types, valuesOf } from './rpm-header.ts';

const tags = {
  fileSizes: 1028,
  modes: 1030,
  flags: 1037,
  devices: 1095,
  inodes: 1096,
  folderIndexes: 1116,
  names: 1117,
  folders: 1118,
  longFileSizes: 5008,
};

/** RPMFILE_GHOST: it belongs to the package, and is not in its payload. */
const ghost = 64;

const regular = 0o100000;
const typeMask = 0o170000;

/**
 * The files of a package by its header, in the order in which a payload without names (`07070X`) counts them. rpm writes such a
 * payload if a file has more than 4 GiB, and rpm 6 always (lib/rpmfi.c, rpmfiArchiveReadHeader).
 */
export async function readRpmFiles(file: RandomAccess, header: RpmHeader): Promise<ListedFiles> {
  const numbers = (tag: number, type: keyof typeof widths) => numbersOf(file, header, tag, type);
  const names = await stringsOf(file, header, tags.names);
  const folders = await stringsOf(file, header, tags.folders);
  const folderOf = await numbers(tags.folderIndexes, 'int32');
  const modes = await numbers(tags.modes, 'int16');
  const sizes =
    (await numbers(tags.longFileSizes, 'int64')) ?? (await numbers(tags.fileSizes, 'int32'));
  const links = linksOf(names.count, modes, {
    flags: await numbers(tags.flags, 'int32'),
    inodes: await numbers(tags.inodes, 'int32'),
    devices: await numbers(tags.devices, 'int32'),
  });
  return (index) => {
    const size = sizes?.(index) ?? null;
    const mode = modes?.(index) ?? null;
    if (index >= names.count || size === null || mode === null) return null;
    const path = `.${folders.at(folderOf?.(index) ?? 0)}${names.at(index)}`;
    return { path, mode, size, ...links(index) };
  };
}

type Numbers = ((index: number) => number | null) | null;

const widths = { int16: 2, int32: 4, int64: 8 };

async function numbersOf(
  file: RandomAccess,
  header: RpmHeader,
  tag: number,
  type: keyof typeof widths,
): Promise<Numbers> {
  const found = valuesOf(header, tag, types[type]);
  if (found === null) return null;
  const width = widths[type];
  const length = Math.min(found.count * width, header.end - found.place);
  const bytes = await file.read(found.place, length);
  return (index) => {
    const at = index * width;
    if (at + width > bytes.length) return null;
    return width === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, width);
  };
}

/** rpm allows no more data in a header (lib/header.c). */
const mostData = 256 * 1024 * 1024;

async function stringsOf(file: RandomAccess, header: RpmHeader, tag: number) {
  const { place, count } = valuesOf(header, tag, types.strings) ?? { place: 0, count: 0 };
  const bytes = await file.read(place, count === 0 ? 0 : Math.min(mostData, header.end - place));
  const ends: number[] = [];
  for (let end = 0; ends.length < count; ) {
    end = bytes.indexOf(0, ends.length === 0 ? 0 : end + 1);
    if (end < 0)
      throw new MalformedInput(`rpm tag ${tag} has ${ends.length} strings, expected ${count}`);
    ends.push(end);
  }
  return {
    count,
    at: (index: number) =>
      decodeName(bytes.subarray(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, ends[index] ?? 0)),
  };
}

/** Of several names of one file the last one has the bytes. */
function linksOf(
  count: number,
  modes: Numbers,
  by: { readonly flags: Numbers; readonly inodes: Numbers; readonly devices: Numbers },
): (index: number) => Pick<ListedFile, 'identity' | 'names' | 'isLast'> {
  const last = new Map<string, { index: number; names: number }>();
  const identityOf = (index: number) =>
    `${by.devices?.(index) ?? 0}:${by.inodes?.(index) ?? -1 - index}`;
  const isLinkable = (index: number) =>
    ((modes?.(index) ?? 0) & typeMask) === regular && ((by.flags?.(index) ?? 0) & ghost) === 0;
  for (let index = 0; index < count; index += 1) {
    if (!isLinkable(index)) continue;
    const before = last.get(identityOf(index));
    last.set(identityOf(index), { index, names: (before?.names ?? 0) + 1 });
  }
  return (index) => {
    const identity = identityOf(index);
    const group = isLinkable(index) ? last.get(identity) : undefined;
    return { identity, names: group?.names ?? 1, isLast: (group?.index ?? index) === index };
  };
}
