import { type Fact, known } from '../base/fact.ts';
import type { Extraction } from '../extraction/extraction.ts';
import type { Acceptance } from '../facts/acceptance.ts';
import type { Root } from '../layers/root.ts';
import { findInterpreter } from './linkage/interpreter-state.ts';

/**
 * Who takes a file in the root that it lies in: a program that Linux starts and that was cut before its dynamic section runs in no
 * root whose loader reads that first. A loader that is not known may do without it. A header that only musl's loader does not mind
 * is none but where the root has it.
 */
export function acceptedHere({ facts }: Extraction, root: Root): Fact<Acceptance> {
  const { acceptance } = facts;
  if (!acceptance.known) return acceptance;
  const { lostToLoader: lost, mappedByMusl, evidence } = acceptance.value;
  // What it says stays unread, and so is not known.
  if (mappedByMusl && hasMusl(root)) return known({ ...acceptance.value, by: 'loader' });
  if (lost === undefined) return acceptance;
  if (!isReadFirst(facts, root)) return acceptance;
  return known({ by: 'nothing', refusal: lost, fault: lost, evidence });
}

function hasMusl({ binaries, extractions }: Root): boolean {
  return binaries.some(({ elf }) => {
    const facts = extractions.get(elf ?? '')?.facts;
    const isLoader = facts?.kind.known === true && facts.kind.value.kind === 'loader';
    return isLoader && facts.libc.known && facts.libc.value.name === 'musl';
  });
}

/** By what the loader is, never by its path. Where there is none, nothing starts the program. */
function isReadFirst({ interpreter: name, machine }: Extraction['facts'], root: Root): boolean {
  if (!name.known || name.value === null || !machine.known) return false;
  const { number, bits, byteOrder } = machine.value;
  const interpreter = findInterpreter(root, name.value, { machine: number, bits, byteOrder }, null);
  if (interpreter.state === 'missing') return true;
  return interpreter.state === 'found' && ['glibc', 'musl'].includes(interpreter.libc);
}
