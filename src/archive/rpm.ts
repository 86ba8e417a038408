import type { RandomAccess } from '../base/random-access.ts';
import { hasTag, numberOf, type RpmHeader, readHeader, textOf } from './rpm-header.ts';

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
  /** All that the package says of itself. */
  readonly header: RpmHeader;
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
    header,
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
