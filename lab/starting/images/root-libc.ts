import type { Recipe } from './compile.ts';
import type { LabRoot } from './lab-roots.ts';

/** The machine's own compiler on x86-64; elsewhere the one whose files are named as Alpine names them. */
export function libcFor({ libc, machine }: Pick<LabRoot, 'libc' | 'machine'>): Recipe['libc'] {
  return libc === 'musl' && machine !== 'x86_64' ? 'alpine' : libc;
}
