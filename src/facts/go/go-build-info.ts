import type { Elf } from '../../elf/model.ts';

export interface BuildInfo {
  /** `go1.22.3`, `devel go1.23-...`; null when it was overwritten, as obfuscators do. */
  readonly version: string | null;
  /** The module whose program it is, as the toolchain wrote it: `(devel)` where it was built in its own folder. */
  readonly main: { readonly path: string; readonly version: string } | null;
  /** The build settings by name: `-buildmode`, `-trimpath`, `CGO_ENABLED`, `vcs.revision` ... {} before Go 1.18. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Bytes of one string of the blob that are looked at. Module lists of large programs reach 100 KB. */
const maxLength = 1024 * 1024;

const inlineStrings = 2;

/**
 * The blob at a file offset: magic (14 bytes), pointer size, flags. Since Go 1.18 two strings follow at 32, each with a
 * varint length; before, addresses of two Go string headers at 16 (debug/buildinfo in the Go sources).
 */
export function readBuildInfo(elf: Elf, offset: number): BuildInfo {
  const flags = elf.bytes.read(offset + 15, 1)[0] ?? 0;
  const [version, modules] =
    (flags & inlineStrings) !== 0 ? inline(elf, offset + 32) : byPointers(elf, offset, flags);
  return {
    version: version !== undefined && /^(go\d|devel )/.test(version) ? version : null,
    main: mainIn(modules ?? ''),
    settings: settingsIn(modules ?? ''),
  };
}

function inline(elf: Elf, offset: number): string[] {
  const version = lengthAt(elf, offset);
  const modules = lengthAt(elf, version.end + version.length);
  return [version, modules].map(({ end, length }) => text(elf, end, length));
}

/** An unsigned LEB128 number and where it ends. */
function lengthAt(elf: Elf, offset: number): { readonly length: number; readonly end: number } {
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = elf.bytes.read(offset + index, 1)[0] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { length, end: offset + index + 1 };
  }
  return { length: 0, end: offset };
}

function byPointers(elf: Elf, offset: number, flags: number): string[] {
  const size = elf.bytes.read(offset + 14, 1)[0] === 4 ? 4 : 8;
  const bigEndian = (flags & 1) !== 0;
  const word = (at: number) => wordAt(elf.bytes.read(at, size), bigEndian);
  return [16, 16 + size].map((place) => {
    const header = elf.fileOffset(word(offset + place), 2 * size);
    if (header === null) return '';
    const length = Number(word(header + size));
    const start = length <= maxLength ? elf.fileOffset(word(header), length) : null;
    return start === null ? '' : text(elf, start, length);
  });
}

function wordAt(bytes: Buffer, bigEndian: boolean): bigint {
  if (bytes.length === 4) return BigInt(bigEndian ? bytes.readUInt32BE() : bytes.readUInt32LE());
  return bigEndian ? bytes.readBigUInt64BE() : bytes.readBigUInt64LE();
}

function text(elf: Elf, offset: number, length: number): string {
  return elf.bytes.read(offset, Math.min(length, maxLength)).toString('utf8');
}

/** A line `mod\tPATH\tVERSION\tSUM`. */
function mainIn(modules: string): BuildInfo['main'] {
  const [, path, version] = /^mod\t([^\t\n]{1,512})\t([^\t\n]{1,256})/m.exec(modules) ?? [];
  return path === undefined || version === undefined ? null : { path, version };
}

/** Lines `build\tNAME=VALUE`, between two 16-byte marks. */
function settingsIn(modules: string): Record<string, string> {
  const lines = modules.matchAll(/^build\t([^=\n]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
