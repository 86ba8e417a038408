import type { Evidence } from '../base/verdict.ts';
import { NT } from '../elf/constants.ts';
import { buildIdNote } from '../elf/debug/build-id-of.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';

/** The identity that the linker gave to the build, by which debug information and crash reports find each other. */
export interface BuildId {
  /** `gnu`: NT_GNU_BUILD_ID, in hex. `go`: the Go toolchain's own, as text. */
  readonly form: 'gnu' | 'go';
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

/** GNU's where both are there; null when there is none. */
export default factExtractor('headers', (elf): BuildId | null => gnu(elf) ?? go(elf));

function gnu(elf: Elf): BuildId | null {
  const note = buildIdNote(elf.notes);
  if (note === null) return null;
  const id = note.description.toString('hex');
  const evidence = [{ what: 'NT_GNU_BUILD_ID', saw: id, offset: BigInt(note.offset) }];
  return { form: 'gnu', id, evidence };
}

function go(elf: Elf): BuildId | null {
  const note = elf.notes.find(({ owner, type }) => owner === 'Go' && type === NT.GO_BUILD_ID);
  if (note === undefined || note.description.length === 0) return null;
  const id = note.description.toString('latin1').replace(/\0+$/, '');
  const evidence = [{ what: 'note of Go with its build id', saw: id, offset: BigInt(note.offset) }];
  return { form: 'go', id, evidence };
}
