import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { decodeName } from '../../base/text.ts';
import type { EntryHeader } from '../entry.ts';
import { fileTypeOf } from '../file-type.ts';
import type { AdbObject, AdbValue, AdbValues } from './adb-values.ts';

/** An entry as the list of a package has it. */
export interface AdbFileRecord extends EntryHeader {
  /** By which its data block is known; null: it has none. */
  readonly at: { readonly folder: number; readonly file: number } | null;
  readonly digest: Buffer | null;
  /** A script of the package stands in the list itself. */
  readonly script: Buffer | null;
}

/** Numbers of values in their objects (src/apk_adb.h). */
const packageFields = { folders: 2, scripts: 3 };
const folderFields = { name: 1, access: 2, files: 3 };
const fileFields = { name: 1, access: 2, size: 3, digest: 5, target: 6 };
const accessFields = { mode: 1, user: 2, group: 3, attributes: 4 };

/** In the order of their numbers. They are called as those of apk-tools 2 are. */
const scripts = [
  ...['.trigger', '.pre-install', '.post-install', '.pre-deinstall', '.post-deinstall'],
  ...['.pre-upgrade', '.post-upgrade'],
];

/** Scripts, folders and files of a package. Throws MalformedInput, LimitExceeded. */
export function* filesOf(values: AdbValues, limits: Limits): Iterable<AdbFileRecord> {
  const root = values.root();
  const accessOf = accesses(values);
  yield* scriptsOf(values, root);
  const folders = values.object(values.value(root, packageFields.folders));
  for (let folder = 1; folder <= folders.last; folder += 1) {
    const record = values.object(values.value(folders, folder));
    const name = nameOf(values, values.value(record, folderFields.name), limits);
    if (name !== '')
      yield {
        ...accessOf(values.value(record, folderFields.access)),
        ...{ ...nothing, path: name, type: 'directory', size: 0, linkTarget: '' },
      };
    const files = values.object(values.value(record, folderFields.files));
    for (let file = 1; file <= files.last; file += 1) {
      const given = values.object(values.value(files, file));
      const own = nameOf(values, values.value(given, fileFields.name), limits);
      const path = name === '' ? own : `${name}/${own}`;
      const access = accessOf(values.value(given, fileFields.access));
      yield { ...access, ...contentOf(values, given, limits), path, at: { folder, file } };
    }
  }
}

const nothing = { at: null, digest: null, script: null } as const;

function* scriptsOf(values: AdbValues, root: AdbObject): Iterable<AdbFileRecord> {
  const given = values.object(values.value(root, packageFields.scripts));
  for (const [index, path] of scripts.entries()) {
    const script = values.blob(values.value(given, 1 + index));
    if (script === null) continue;
    const owner = { mode: 0o755, uid: 0, gid: 0, capability: null };
    yield {
      ...{ ...nothing, ...owner, path, script },
      ...{ type: 'file', size: script.length, linkTarget: '' },
    };
  }
}

function nameOf(values: AdbValues, value: AdbValue, { maxPathLength }: Limits): string {
  const bytes = values.blob(value) ?? Buffer.alloc(0);
  if (bytes.length > maxPathLength)
    throw new LimitExceeded(`a path has ${bytes.length} bytes, the limit is ${maxPathLength}`);
  return decodeName(bytes);
}

/** A target begins with the type of what it is of (src/extract_v3.c, apk_extract_v3_file). */
const typeSize = 2;

function contentOf(values: AdbValues, given: AdbObject, limits: Limits) {
  const target = values.blob(values.value(given, fileFields.target));
  const size = values.number(values.value(given, fileFields.size));
  const digest = values.blob(values.value(given, fileFields.digest));
  if (target === null) return { type: 'file', size, linkTarget: '', digest, script: null } as const;
  if (target.length < typeSize)
    throw new MalformedInput(
      `the target of a file has ${target.length} bytes, expected 2 at least`,
    );
  const type = fileTypeOf(target.readUInt16LE(0));
  const text = target.subarray(typeSize);
  if (text.length > limits.maxPathLength)
    throw new LimitExceeded(
      `the target of a link has ${text.length} bytes, the limit is ${limits.maxPathLength}`,
    );
  const link = { ...{ size: 0, digest: null, script: null }, linkTarget: decodeName(text) };
  if (type === 'symlink') return { ...link, type };
  if (type === 'file') return { ...link, type: 'hardlink' } as const;
  return { ...link, type, linkTarget: '' };
}

type Access = Pick<EntryHeader, 'mode' | 'uid' | 'gid' | 'capability'>;

/** apk's own for names that the system does not have: accounts are made by those who install. */
const nobody = 65534;
const capabilities = Buffer.from('security.capability\0', 'latin1');
const mostAttributes = 256;

/** Files share what they have: each is read once. */
function accesses(values: AdbValues): (value: AdbValue) => Access {
  const known = new Map<AdbValue, Access>();
  return (value) => {
    const found = known.get(value) ?? readAccess(values, values.object(value));
    known.set(value, found);
    return found;
  };
}

function readAccess(values: AdbValues, given: AdbObject): Access {
  const owner = (field: number) =>
    values.blob(values.value(given, field))?.toString('latin1') === 'root' ? 0 : nobody;
  return {
    mode: values.number(values.value(given, accessFields.mode)) & 0o7777,
    uid: owner(accessFields.user),
    gid: owner(accessFields.group),
    capability: capabilityIn(values, values.object(values.value(given, accessFields.attributes))),
  };
}

/** Each is a name, a NUL and the value. */
function capabilityIn(values: AdbValues, attributes: AdbObject): Buffer | null {
  if (attributes.last > mostAttributes)
    throw new LimitExceeded(
      `a file has ${attributes.last} extended attributes, the limit is ${mostAttributes}`,
    );
  for (let index = 1; index <= attributes.last; index += 1) {
    const attribute = values.blob(values.value(attributes, index));
    if (attribute?.subarray(0, capabilities.length).equals(capabilities))
      return attribute.subarray(capabilities.length);
  }
  return null;
}
