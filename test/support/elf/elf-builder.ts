import { EM, ET } from '../../../src/elf/constants.ts';
import { readElf } from '../../../src/elf/read-elf.ts';
import { bytesOf } from '../../../src/elf/reading/bytes.ts';
import type { BuiltElf, CompleteDescription, ElfDescription } from './elf-description.ts';
import { padTo } from './elf-encoding.ts';
import { headers } from './elf-headers.ts';
import { elfParts } from './elf-parts.ts';
import type { Region } from './elf-sections.ts';

export type { BuiltElf, ElfDescription } from './elf-description.ts';

/** Data has pages of its own: else the second segment would be mapped over the first. */
const dataPage = 0x10000;

/** Builds the file in memory. See ElfDescription for what can be asked of it. */
export function buildElf(description: ElfDescription): BuiltElf {
  const complete = completed(description);
  const parts = [headers(complete), ...elfParts(complete)];
  const nowhere: Region = { offset: 0, address: 0n, size: 0 };
  // Sizes do not depend on places, so a first round finds the places for the second.
  const regions = new Map<string, Region>();
  let offset = 0;
  let page = 0;
  for (const { name, make } of parts) {
    const size = make(() => nowhere).length;
    if (name === 'dynamic') page = dataPage;
    regions.set(name, { offset, address: BigInt(complete.base + offset + page), size });
    offset += padTo(Buffer.alloc(size), 16).length;
  }
  const region = (name: string): Region => {
    const found = regions.get(name);
    if (found === undefined) throw new Error(`the file has no part "${name}"`);
    return found;
  };
  const place = (name: string): Region => regions.get(name) ?? nowhere;
  const buffer = Buffer.concat(parts.map(({ make }) => padTo(make(place), 16)));
  return {
    buffer,
    region,
    get elf() {
      return readElf(bytesOf(buffer));
    },
  };
}

function completed(description: ElfDescription): CompleteDescription {
  const type = description.type ?? ET.DYN;
  const bits = description.bits ?? 64;
  return {
    bits,
    byteOrder: 'little',
    machine: EM.X86_64,
    type,
    osAbi: 0,
    entry: 0,
    base: type === ET.EXEC ? 0x400000 : 0,
    isDynamic: type === ET.DYN || type === ET.EXEC,
    hash: 'gnu',
    addends: bits === 64,
    dataWords: 8,
    code: Buffer.alloc(16),
    ...description,
  };
}
