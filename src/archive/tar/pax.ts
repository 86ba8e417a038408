import { MalformedInput } from '../../base/errors.ts';
import { decimal, type Extents } from './sparse.ts';

/** What a POSIX.1-2001 extended header says of the next entry, as far as it concerns the file it stands for. */
export interface PaxRecords {
  readonly path?: Buffer;
  readonly linkPath?: Buffer;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly capability?: Buffer;
  readonly accessList?: Buffer;
  /** One of GNU's three sparse formats: the body is not the file's content. null: it is. */
  readonly sparse: PaxSparse | null;
  /** Mounted by an overlay file system, the entry shows what lies elsewhere in lower layers, even what they hide. */
  readonly redirected: boolean;
}

export interface PaxSparse {
  /** null: they stand in front of the data. `unknown`: of a version that Go's archive/tar does not know. */
  readonly extents: Extents | null | 'unknown';
  /** Of the file; null: that of the body. */
  readonly size: number | null;
}

/**
 * Records are `LENGTH KEY=VALUE\n`; the length counts itself, so values may hold any byte (a capability holds NULs).
 * An empty value takes the record back. `offset` is the body's place in the archive. Throws MalformedInput.
 */
export function decodePax(body: Buffer, offset: number): PaxRecords {
  const values = new Map<string, Buffer>();
  const extents: string[] = [];
  for (let at = 0; at < body.length; ) {
    const record = recordAt(body, at, offset);
    // Format 0.0 repeats these two, in turn.
    if (extentKeys.includes(record.key)) extents.push(extentIn(record, extents.length, offset));
    else if (record.value.length > 0) values.set(record.key, record.value);
    else values.delete(record.key);
    at = record.end;
  }
  if (extents.length > 0) values.set('GNU.sparse.map', Buffer.from(extents.join(',')));
  return interpret(values, offset);
}

const extentKeys: readonly string[] = ['GNU.sparse.offset', 'GNU.sparse.numbytes'];

function extentIn({ key, value }: PaxRecord, count: number, offset: number): string {
  const text = value.toString('latin1');
  if (key === extentKeys[count % 2] && !text.includes(',')) return text;
  throw new MalformedInput(
    `PAX ${key} in the header at offset ${offset} is out of turn or not a number`,
  );
}

interface PaxRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly end: number;
}

/** A length of more digits cannot lie in a body of the size that is accepted. */
const maxDigits = 9;

function recordAt(body: Buffer, at: number, offset: number): PaxRecord {
  const blank = body.indexOf(0x20, at);
  const digits = body.toString(
    'latin1',
    at,
    blank < 0 ? at + maxDigits : Math.min(blank, at + maxDigits + 1),
  );
  const end = at + Number(digits);
  const valid = blank > at && /^\d{1,9}$/.test(digits) && end > blank + 1 && end <= body.length;
  if (!valid) {
    throw new MalformedInput(
      `PAX record length is ${JSON.stringify(digits)} at offset ${offset + at}, expected a number up to ${body.length - at}`,
    );
  }
  const equals = body.indexOf(0x3d, blank);
  if (body[end - 1] !== 0x0a || equals <= blank + 1 || equals >= end) {
    throw new MalformedInput(`PAX record at offset ${offset + at} is not of the form KEY=VALUE`);
  }
  return {
    key: body.toString('latin1', blank + 1, equals),
    value: body.subarray(equals + 1, end - 1),
    end,
  };
}

function interpret(values: ReadonlyMap<string, Buffer>, offset: number): PaxRecords {
  const path = values.get('GNU.sparse.name') ?? values.get('path');
  const linkPath = values.get('linkpath');
  const capability = attributeIn(values, 'security.capability');
  const accessList = attributeIn(values, 'system.posix_acl_access');
  return {
    ...(path && { path: nameIn(path, 'path', offset) }),
    ...(linkPath && { linkPath: nameIn(linkPath, 'linkpath', offset) }),
    ...(capability && { capability }),
    ...(accessList && { accessList }),
    ...numberIn(values, 'size', offset),
    ...numberIn(values, 'uid', offset),
    ...numberIn(values, 'gid', offset),
    sparse: sparseIn(values),
    redirected: [...values.keys()].some((key) => redirections.test(key)),
  };
}

/** The three formats, as Go's archive/tar distinguishes them (readGNUSparsePAXHeaders). Throws MalformedInput. */
function sparseIn(values: ReadonlyMap<string, Buffer>): PaxSparse | null {
  const text = (name: string) => values.get(`GNU.sparse.${name}`)?.toString('latin1') ?? '';
  if (![...values.keys()].some((key) => key.startsWith('GNU.sparse.'))) return null;
  const stated = text('size') || text('realsize');
  const size = stated === '' ? null : decimal(stated);
  const version = `${text('major')}.${text('minor')}`;
  if (version === '1.0') return { extents: null, size };
  const isMapped =
    version === '0.0' || version === '0.1' || (version === '.' && text('map') !== '');
  if (!isMapped) return { extents: 'unknown', size };
  const extents = text('map') === '' ? [] : text('map').split(',').map(decimal);
  if (extents.length === 2 * decimal(text('numblocks'))) return { extents, size };
  throw new MalformedInput(
    `the map of a sparse file has ${extents.length} numbers, expected two for each of ${text('numblocks')} pieces`,
  );
}

/** Of overlayfs (fs/overlayfs/overlayfs.h in Linux); podman unpacks these attributes as they stand. */
const redirections = /^SCHILY\.xattr\.(?:trusted|user)\.overlay\.(?:redirect|metacopy)$/;

/** GNU tar, Go and Python write SCHILY's key; libarchive its own, in base64. */
function attributeIn(values: ReadonlyMap<string, Buffer>, name: string): Buffer | null {
  const raw = values.get(`SCHILY.xattr.${name}`);
  if (raw) return Buffer.from(raw);
  const base64 = values.get(`LIBARCHIVE.xattr.${name}`);
  return base64 ? Buffer.from(base64.toString('latin1'), 'base64') : null;
}

function nameIn(value: Buffer, key: string, offset: number): Buffer {
  if (!value.includes(0)) return value;
  throw new MalformedInput(`PAX ${key} holds a NUL in the header at offset ${offset}`);
}

function numberIn(
  values: ReadonlyMap<string, Buffer>,
  key: 'size' | 'uid' | 'gid',
  offset: number,
) {
  const value = values.get(key)?.toString('latin1');
  if (value === undefined) return {};
  if (/^-?\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)))
    return { [key]: Number(value) };
  throw new MalformedInput(
    `PAX ${key} is ${JSON.stringify(value.slice(0, 40))} in the header at offset ${offset}, expected a number`,
  );
}
