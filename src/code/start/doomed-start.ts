import { EM, ET, PF, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { riscvSteps } from './riscv-step.ts';
import { s390xSteps } from './s390x-step.ts';
import type { Step, StepReader } from './step.ts';
import {
  aarch64Steps,
  armSteps,
  mipsSteps,
  pariscSteps,
  powerpcSteps,
  sparcSteps,
} from './word-steps.ts';
import { x86Steps } from './x86-step.ts';

/** Instructions that are looked at. Start code of kernels and boot loaders turns to the hardware within a few dozen. */
const mostSteps = 400;
/** The longest instruction of x86. */
const longest = 15;

interface Place {
  readonly address: bigint;
  /** Where calls return to, the innermost last. */
  readonly callers: readonly bigint[];
}

/**
 * Where every way through the first instructions of a program comes to one that only a kernel or firmware may execute: the
 * name of one of them, and its file offset. Linux ends a process there (SIGILL or SIGSEGV) before it has called the kernel.
 * null where some way leads elsewhere, or is not understood.
 */
export function doomedStart(elf: Elf): { readonly name: string; readonly offset: number } | null {
  const read = stepsOf(elf);
  if (read === null) return null;
  let found: { name: string; offset: number } | null = null;
  const seen = new Set<string>();
  const open: Place[] = [{ address: elf.header.entry, callers: [] }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const key = `${place.address} ${place.callers.join()}`;
    if (seen.has(key)) continue;
    if (seen.size === mostSteps) return null;
    seen.add(key);
    const code = codeAt(elf, place.address);
    if (code === null) return null;
    const step = read(code.bytes, place.address, (address) => codeAt(elf, address)?.bytes ?? null);
    if (step.does === 'dies') {
      found ??= { name: step.name, offset: code.offset };
      continue;
    }
    const next = placesAfter(step, place);
    if (next === null) return null;
    open.push(...next);
  }
  return found;
}

function placesAfter(step: Step, { address, callers }: Place): readonly Place[] | null {
  switch (step.does) {
    case 'plain':
      return [{ address: address + BigInt(step.length), callers }];
    case 'jump':
      return [{ address: step.target, callers }];
    case 'branch':
      return [
        { address: step.target, callers },
        { address: address + BigInt(step.length), callers },
      ];
    case 'call':
      return [{ address: step.target, callers: [...callers, address + BigInt(step.length)] }];
    case 'return': {
      const back = callers.at(-1);
      return back === undefined ? null : [{ address: back, callers: callers.slice(0, -1) }];
    }
    case 'unknown':
    case 'dies':
      return null;
  }
}

/** Bytes that are mapped executable; null for others, which end a process in another way. */
function codeAt(elf: Elf, address: bigint): { bytes: Buffer; offset: number } | null {
  const piece = elf.memory.find(({ start, end }) => address >= start && address < end);
  if (piece === undefined || piece.offset === null || (piece.flags & PF.X) === 0) return null;
  const offset = Number(piece.offset + (address - piece.start));
  const length = Math.min(longest, Number(piece.end - address), elf.bytes.size - offset);
  return length <= 0 ? null : { bytes: elf.bytes.glance(offset, length), offset };
}

function stepsOf(elf: Elf): StepReader | null {
  const { machine, bits, byteOrder, entry } = elf.header;
  switch (machine) {
    case EM.X86_64:
      return x86Steps(true);
    case EM.I386:
      return x86Steps(false);
    case EM.AARCH64:
      return aarch64Steps;
    case EM.ARM:
      return (entry & 1n) === 1n ? null : armSteps(byteOrder);
    case EM.RISCV:
      return riscvSteps;
    case EM.MIPS:
      return mipsSteps(byteOrder);
    case EM.PPC:
    case EM.PPC64:
      return powerpcSteps(byteOrder);
    case EM.SPARC:
      return sparcSteps;
    case EM.PARISC:
      return pariscSteps;
    case EM.S390:
      return bits === 64 ? s390xSteps(mayHaveFirstPage(elf) ? 'unknown' : 'dies') : null;
    default:
      return null;
  }
}

/** At a fixed address, as only a privileged process is given it (vm.mmap_min_addr). */
function mayHaveFirstPage({ header: { type }, segments }: Elf): boolean {
  return (
    type === ET.EXEC && segments.some((each) => each.type === PT.LOAD && each.address < 0x1000n)
  );
}
