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
  /** What follows the file; only the kernel's keys can show whether it is valid. */
  readonly signature: ModuleSignature;
}

/**
 * `pkcs7`: as kernels since 4.3 read it; `key identifier`: as those before did, and no later one does. `malformed`: its end is marked,
 * and no kernel takes what is before the mark (mod_check_sig of kernel/module_signature.c).
 */
export type ModuleSignature = 'pkcs7' | 'key identifier' | 'malformed' | 'none';

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
    signature: signatureOf(elf),
  };
}

const longestValue = 1024;

/** struct module_signature, between the signature and the mark: all but the last field are bytes. */
const trailer = { size: 12, idType: 2, signatureLength: 8 };
const pkcs7 = 2;
const keyIdentifier = 1;

function signatureOf({ bytes }: Elf): ModuleSignature {
  const markAt = bytes.size - signatureMark.length;
  if (markAt <= 0 || !bytes.read(markAt, signatureMark.length).equals(signatureMark)) return 'none';
  const start = markAt - trailer.size;
  if (start <= 0) return 'malformed';
  const about = bytes.read(start, trailer.size);
  const length = about.readUInt32BE(trailer.signatureLength);
  if (length === 0 || length >= start) return 'malformed';
  if (about[trailer.idType] === keyIdentifier) return 'key identifier';
  const others = about
    .subarray(0, trailer.signatureLength)
    .filter((_, at) => at !== trailer.idType);
  return about[trailer.idType] === pkcs7 && others.every((byte) => byte === 0)
    ? 'pkcs7'
    : 'malformed';
}
