import type { Elf } from '../../elf/model.ts';

/** As `modinfo` shows it; '' where the module says nothing. */
export interface Modinfo {
  readonly name: string;
  readonly version: string;
  /** The kernel that it is built for, and the options that must agree: `6.1.0-50-amd64 SMP preempt mod_unload`. */
  readonly vermagic: string;
  readonly license: string;
  /** Built with the kernel's own sources. */
  readonly intree: boolean;
  readonly depends: readonly string[];
  /** `Y` of a module that was built so. */
  readonly retpoline: string;
  /** A signature follows the file; only the kernel's keys can show whether it is valid. */
  readonly signed: boolean;
}

/** After a signature, which is not part of the ELF file (Linux, include/linux/module_signature.h). */
const signatureMark = Buffer.from('~Module signature appended~\n', 'latin1');

/** Texts `key=value` that end with NUL, in the section `.modinfo`. Of a key that is there twice the first counts. */
export function readModinfo(elf: Elf): Modinfo {
  const values = new Map<string, string>();
  for (const section of elf.sections.filter(({ name }) => name === '.modinfo')) {
    for (const text of elf.sectionBytes(section).toString('utf8').split('\0')) {
      const at = text.indexOf('=');
      const key = text.slice(0, Math.max(0, at));
      if (at > 0 && !values.has(key)) values.set(key, text.slice(at + 1, at + 1 + longestValue));
    }
  }
  const value = (key: string) => values.get(key) ?? '';
  return {
    name: value('name'),
    version: value('version'),
    vermagic: value('vermagic').trim(),
    license: value('license'),
    intree: value('intree') === 'Y',
    depends: value('depends').split(',').filter(Boolean),
    retpoline: value('retpoline'),
    signed: isSigned(elf),
  };
}

const longestValue = 1024;

function isSigned({ bytes }: Elf): boolean {
  const start = bytes.size - signatureMark.length;
  return start > 0 && bytes.read(start, signatureMark.length).equals(signatureMark);
}
