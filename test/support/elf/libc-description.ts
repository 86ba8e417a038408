import { STT } from '../../../src/elf/constants.ts';
import { buildElf, type ElfDescription } from './elf-builder.ts';

/** What every libc has, and a function that start files call. */
export const libcFunctions = [
  ...[
    'exit',
    'memcpy',
    'memset',
    'printf',
    'puts',
    'read',
    'sprintf',
    'strcat',
    'strcpy',
    'strlen',
  ],
  '__libc_start_main',
];

/** Bytes of code of each function below. */
export const functionSize = 256;

/** The description with these functions in its code, so that the file is a libc; `more` names what else it offers. */
export function libcDescription(
  description: ElfDescription,
  more: readonly string[] = [],
): ElfDescription {
  const names = [...libcFunctions, ...more];
  const described = (start: number): ElfDescription => ({
    ...description,
    code: Buffer.concat([
      description.code ?? Buffer.of(),
      Buffer.alloc(names.length * functionSize),
    ]),
    symbols: names.map((name, index) => ({
      name,
      defined: true,
      type: STT.FUNC,
      value: start + index * functionSize,
      size: functionSize,
    })),
  });
  return described(Number(buildElf(described(0)).region('code').address));
}
