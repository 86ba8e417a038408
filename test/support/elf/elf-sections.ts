import { SHF, SHT } from '../../../src/elf/constants.ts';
import type { Layout } from '../../../src/elf/reading/layout.ts';
import { type NameTable, pack } from './elf-encoding.ts';

/** A part of the built file: `interpreter`, `notes4`, `notes8`, `symbols`, `strings`, `dynamic`, `data` ... */
export interface Region {
  readonly offset: number;
  readonly address: bigint;
  readonly size: number;
}

export interface SectionDescription {
  readonly name: string;
  /** SHT_*; default PROGBITS. */
  readonly type?: number;
  /** SHF_*; default 0. */
  readonly flags?: bigint;
  /** Its bytes, or a part of the file that is there anyway. */
  readonly content: Buffer | { readonly region: string };
  /** Name of the section that sh_link shall name. */
  readonly link?: string;
  readonly info?: number;
  readonly entrySize?: number;
  readonly alignment?: number;
}

/** What lies in the file under the name `section:NAME` for sections that bring their own bytes. */
export function regionOf({ name, content }: SectionDescription): string {
  return Buffer.isBuffer(content) ? `section:${name}` : content.region;
}

/** `.text` in front, because defined symbols say that they are in section 1; the names' own table at the end. */
export function withStandardSections(
  sections: readonly SectionDescription[],
  names: NameTable,
): readonly SectionDescription[] {
  const all = [
    { name: '.text', flags: SHF.ALLOC | SHF.EXECINSTR, content: { region: 'code' } },
    ...sections,
  ];
  for (const { name } of all) names.offsetOf(name);
  names.offsetOf('.shstrtab');
  return [...all, { name: '.shstrtab', type: SHT.STRTAB, content: names.bytes }];
}

/** The section header table, section 0 included. */
export function sectionTable(
  layout: Layout,
  sections: readonly SectionDescription[],
  names: NameTable,
  region: (name: string) => Region,
): Buffer {
  const headers = sections.map((section) => {
    const place = region(regionOf(section));
    return pack(
      layout,
      'IIWWWWIIWW',
      names.offsetOf(section.name),
      section.type ?? SHT.PROGBITS,
      section.flags ?? 0,
      place.address,
      place.offset,
      place.size,
      section.link === undefined ? 0 : 1 + sections.findIndex(({ name }) => name === section.link),
      section.info ?? 0,
      section.alignment ?? 1,
      section.entrySize ?? 0,
    );
  });
  return Buffer.concat([Buffer.alloc(layout.bits === 64 ? 64 : 40), ...headers]);
}
