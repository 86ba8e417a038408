import { readFileSync, writeFileSync } from 'node:fs';
import { changedElf, type ElfEdit } from '../../test/support/elf/elf-edits.ts';

const PT_DYNAMIC = 2;
const PT_GNU_RELRO = 0x6474e552n;
const entrySize = 16;

/** A copy of a file with some numbers of its headers changed. */
export function edited(file: string, change: (edit: ElfEdit) => void): string {
  const copy = `${file}-edited`;
  writeFileSync(copy, changedElf(readFileSync(file), change));
  return copy;
}

/** Changes each dynamic entry of one tag, of a file of 64 bits. */
export function withDynamic(
  file: string,
  tag: number,
  change: (value: bigint) => readonly [tag: number, value: bigint],
): string {
  return edited(file, ({ bytes, segments }) => {
    const segment = segments().find((each) => each.get('type') === BigInt(PT_DYNAMIC));
    if (segment === undefined) throw new Error(`${file} has no PT_DYNAMIC`);
    let changed = 0;
    const start = Number(segment.get('offset'));
    const end = start + Number(segment.get('filesz'));
    for (let at = start; at < end; at += entrySize) {
      if (bytes.readBigInt64LE(at) !== BigInt(tag)) continue;
      const [newTag, value] = change(bytes.readBigUInt64LE(at + 8));
      bytes.writeBigInt64LE(BigInt(newTag), at);
      bytes.writeBigUInt64LE(value, at + 8);
      changed += 1;
    }
    if (changed === 0) throw new Error(`${file} has no dynamic entry ${tag}`);
  });
}

/** PT_GNU_RELRO reaches 64 KiB further, as lld 16 makes it with `-z common-page-size=65536`. */
export function withLongRelro(file: string): string {
  return edited(file, ({ segments }) => {
    const relro = segments().find((each) => each.get('type') === PT_GNU_RELRO);
    if (relro === undefined) throw new Error(`${file} has no PT_GNU_RELRO`);
    relro.set('memsz', relro.get('memsz') + 0x10000n);
  });
}
