import { buildElf } from './elf-builder.ts';
import type { BuiltElf, ElfDescription } from './elf-description.ts';

const pageSize = 4096n;

type WithRelro = ElfDescription & { readonly relroWords: number };

/** As buildElf, with `base` chosen so that PT_GNU_RELRO ends with a page, as linkers see to. */
export function buildRelroElf(description: WithRelro): BuiltElf {
  return buildElf(atPageEnd(description));
}

export function atPageEnd(description: WithRelro): ElfDescription {
  const { address } = buildElf({ ...description, base: 0 }).region('data');
  const word = description.bits === 32 ? 4 : 8;
  const end = address + BigInt(description.relroWords * word);
  return { ...description, base: Number(pageSize - (end % pageSize)) };
}

/**
 * The same by the size of the code, as `base` would make a file that no kernel maps: PT_GNU_RELRO ends `behind` bytes behind a
 * multiple of 64 KiB.
 */
export function buildRelroElfEnding(behind: number, description: WithRelro): BuiltElf {
  const largest = 0x10000n;
  const codeSize = 64;
  const { address } = buildElf({ ...description, code: Buffer.alloc(codeSize) }).region('data');
  const word = description.bits === 32 ? 4 : 8;
  const end = address + BigInt(description.relroWords * word);
  const missing = (BigInt(behind) - end) % largest;
  const more = Number((missing + largest) % largest);
  return buildElf({ ...description, code: Buffer.alloc(codeSize + more) });
}
