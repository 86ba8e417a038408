import { DT, EM, ET, PF, PT } from '../constants.ts';
import { machineNames } from './machine-names.ts';

/*
 * Names of the ELF specification's numbers as `readelf` prints them, for evidence and messages. A number without a name
 * is shown as such: `<unknown: 0x1234>`.
 */

/** `Advanced Micro Devices X86-64` */
export function machineName(machine: number): string {
  return machineNames.get(machine) ?? unknown(machine);
}

/** `DYN` */
export function fileTypeName(type: number): string {
  return nameIn(ET, type) ?? unknown(type);
}

/** `GNU_STACK`. The types from 0x70000000 up mean something else on each machine. */
export function segmentTypeName(type: number, machine: number = EM.NONE): string {
  return nameIn(PT, type) ?? processorSegments.get(machine)?.get(type) ?? reserved(type);
}

/** `BIND_NOW` */
export function dynamicTagName(tag: number): string {
  return nameIn(DT, tag) ?? unknown(tag);
}

/** p_flags in readelf's letters, without its blanks: `RE`, `RW`, `RWE`; `none` for 0. */
export function flagsText(flags: number): string {
  const letters = `${flags & PF.R ? 'R' : ''}${flags & PF.W ? 'W' : ''}${flags & PF.X ? 'E' : ''}`;
  return letters === '' ? 'none' : letters;
}

const processorSegments: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [EM.ARM, new Map([[0x70000001, 'EXIDX']])],
  [EM.AARCH64, new Map([[0x70000002, 'AARCH64_MEMTAG_MTE']])],
  [EM.RISCV, new Map([[0x70000003, 'RISCV_ATTRIBUTES']])],
  [
    EM.MIPS,
    new Map([
      [0x70000000, 'REGINFO'],
      [0x70000001, 'RTPROC'],
      [0x70000002, 'OPTIONS'],
      [0x70000003, 'ABIFLAGS'],
    ]),
  ],
]);

function nameIn(names: Readonly<Record<string, number>>, wanted: number): string | null {
  return Object.entries(names).find(([, number]) => number === wanted)?.[0] ?? null;
}

/** Types in the ranges that the gABI leaves to processors and operating systems. */
function reserved(type: number): string {
  if (type >= 0x70000000 && type <= 0x7fffffff)
    return `LOPROC+0x${(type - 0x70000000).toString(16)}`;
  if (type >= 0x60000000 && type <= 0x6fffffff) return `LOOS+0x${(type - 0x60000000).toString(16)}`;
  return unknown(type);
}

function unknown(number: number): string {
  return `<unknown: 0x${(number < 0 ? number + 2 ** 32 : number).toString(16)}>`;
}
