import { MalformedInput } from '../base/errors.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';

export interface RpmPackage {
  readonly name: string;
  /** `1:2.3-4`, the epoch only where there is one. */
  readonly version: string;
  readonly architecture: string;
  readonly vendor: string;
  /** Name of the file that it was built from. */
  readonly sourceFile: string;
  readonly isSigned: boolean;
  /** As the package says: `zstd`. Of old packages that say nothing, `gzip`. */
  readonly compressor: string;
  /** As the package says: `cpio`, or `drpm` for a difference between packages. */
  readonly format: string;
  /** Where the compressed payload begins. */
  readonly payload: number;
}

/** File format of RPM 3 to 6 (rpm's docs/manual/format*.md): a lead, a header of signatures, a header, the payload. */
export async function readRpm(file: RandomAccess): Promise<RpmPackage> {
  const signatures = await readHeader(file, leadSize, 'signature header');
  const start = Math.ceil(signatures.end / 8) * 8;
  const header = await readHeader(file, start, 'header');
  const text = (tag: number) => textOf(file, header, tag);
  const epoch = await numberOf(file, header, tags.epoch);
  const version = `${(await text(tags.version)) ?? ''}-${(await text(tags.release)) ?? ''}`;
  return {
    name: (await text(tags.name)) ?? '',
    version: epoch === null ? version : `${epoch}:${version}`,
    architecture: (await text(tags.architecture)) ?? '',
    vendor: (await text(tags.vendor)) ?? '',
    sourceFile: (await text(tags.sourceFile)) ?? '',
    isSigned: signatureTags.some((tag) => hasTag(signatures, tag)),
    compressor: (await text(tags.payloadCompressor)) ?? 'gzip',
    format: (await text(tags.payloadFormat)) ?? 'cpio',
    payload: header.end,
  };
}

export const rpmMagic = Buffer.from('edabeedb', 'hex');
const leadSize = 96;

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  architecture: 1022,
  sourceFile: 1044,
  payloadFormat: 1124,
  payloadCompressor: 1125,
};

/** Signatures by any kind of key, of the header or of all (rpm's lib/rpmtag.h): DSA, RSA, OPENPGP, PGP, GPG. */
const signatureTags = [267, 268, 278, 1002, 1005];

interface Header {
  readonly index: Buffer;
  /** Where its data begin, and where they end. */
  readonly data: number;
  readonly end: number;
}

const headerMagic = Buffer.from('8eade801', 'hex');
const introSize = 16;
const recordSize = 16;

/** As rpm itself limits it (lib/header.c): no more is ever written. */
const maxRecords = 0xffff;

async function readHeader(file: RandomAccess, at: number, title: string): Promise<Header> {
  const intro = await file.read(at, introSize);
  if (intro.length < introSize || !intro.subarray(0, 4).equals(headerMagic)) {
    throw new MalformedInput(`no rpm ${title} begins at offset ${at}, expected 8eade801`);
  }
  const records = intro.readUInt32BE(8);
  const size = intro.readUInt32BE(12);
  const data = at + introSize + records * recordSize;
  if (records > maxRecords || data + size > file.size) {
    throw new MalformedInput(
      `the rpm ${title} at offset ${at} has ${records} records and ${size} bytes, expected at most ${maxRecords} records and the end at ${file.size}`,
    );
  }
  const index = await file.read(at + introSize, records * recordSize);
  return { index, data, end: data + size };
}

const types = { int32: 4, string: 6 };

/** Names and versions are short; more is not read. */
const maxText = 256;

async function textOf(file: RandomAccess, header: Header, tag: number): Promise<string | null> {
  const at = placeOf(header, tag, types.string);
  if (at === null) return null;
  const bytes = await file.read(at, Math.min(maxText, header.end - at));
  const end = bytes.indexOf(0);
  if (end < 0) throw new MalformedInput(`rpm tag ${tag} at offset ${at} does not end with NUL`);
  return decodeName(bytes.subarray(0, end));
}

async function numberOf(file: RandomAccess, header: Header, tag: number): Promise<number | null> {
  const at = placeOf(header, tag, types.int32);
  if (at === null) return null;
  const bytes = await file.read(at, Math.min(4, header.end - at));
  if (bytes.length < 4) throw new MalformedInput(`rpm tag ${tag} at offset ${at} is cut`);
  return bytes.readUInt32BE(0);
}

/** Offset of a tag's data in the file. */
function placeOf({ index, data, end }: Header, tag: number, type: number): number | null {
  for (let at = 0; at < index.length; at += recordSize) {
    if (index.readUInt32BE(at) !== tag || index.readUInt32BE(at + 4) !== type) continue;
    const place = data + index.readUInt32BE(at + 8);
    if (place < end) return place;
    throw new MalformedInput(`rpm tag ${tag} lies at ${place}, behind its header's end ${end}`);
  }
  return null;
}

function hasTag({ index }: Header, tag: number): boolean {
  for (let at = 0; at < index.length; at += recordSize)
    if (index.readUInt32BE(at) === tag) return true;
  return false;
}
