// What a reader of headers and names alone would fail, and what overrules it.

import type { Evidence } from '../../src/base/verdict.ts';
import { DF, DF_1, DT, ET, PF, PT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';

/** Rules that the plain reading fails, with what it sees. */
export function plainFailures(elf: Elf): ReadonlyMap<string, string> {
  const { type } = elf.header;
  if (type !== ET.EXEC && type !== ET.DYN) return new Map();
  const failures = new Map<string, string>();
  if (type === ET.EXEC) failures.set('pie', 'ET_EXEC');
  const stack = elf.segments.find((segment) => segment.type === PT.GNU_STACK);
  if (stack === undefined) failures.set('non-executable-stack', 'no PT_GNU_STACK');
  else if ((stack.flags & PF.X) !== 0) failures.set('non-executable-stack', 'PT_GNU_STACK with X');
  if (!elf.segments.some((segment) => segment.type === PT.GNU_RELRO))
    failures.set('relro', 'no PT_GNU_RELRO');
  else if (!bindsNow(elf)) failures.set('relro', 'PT_GNU_RELRO without BIND_NOW');
  const names = new Set(
    [...elf.dynamicSymbols, ...(elf.dynamic === null ? elf.staticSymbols : [])].map(
      ({ name }) => name,
    ),
  );
  if (!names.has('__stack_chk_fail')) failures.set('stack-protector', 'no __stack_chk_fail');
  if (![...names].some((name) => /^__\w+_chk$/.test(name)))
    failures.set('fortify-source', 'no *_chk');
  return failures;
}

function bindsNow(elf: Elf): boolean {
  const has = (tag: number, bit: bigint | number) =>
    ((elf.dynamicValue(tag) ?? 0n) & BigInt(bit)) !== 0n;
  return (
    elf.dynamicValue(DT.BIND_NOW) !== null ||
    has(DT.FLAGS, DF.BIND_NOW) ||
    has(DT.FLAGS_1, DF_1.NOW)
  );
}

export interface Overruled {
  readonly rule: string;
  readonly plain: string;
  readonly outcome: string;
  /** The kind of reason: the message, without numbers and names. */
  readonly reason: string;
  /** What the verdict shows of what is mapped or decides what is; empty where it shows nothing, which is a fault. */
  readonly evidence: readonly string[];
}

/** Verdicts that are better than the plain reading. */
export function overruled(elf: Elf, verdicts: readonly JudgedVerdict[]): readonly Overruled[] {
  const failures = plainFailures(elf);
  return verdicts.flatMap(({ rule, outcome, message, evidence }) => {
    const plain = failures.get(rule);
    if (plain === undefined || (outcome !== 'pass' && outcome !== 'not-applicable')) return [];
    const shown = evidence
      .filter((each) => isMapped(elf, each))
      .map(({ what, saw }) => `${what}: ${saw}`);
    return [{ rule, plain, outcome, reason: reasonOf(message), evidence: shown }];
  });
}

/** By its place in the file header, the program headers or the file bytes of a PT_LOAD. Sections and names prove nothing. */
function isMapped({ header, segments }: Elf, { offset }: Evidence): boolean {
  if (offset === undefined) return false;
  const isWithin = (start: bigint, size: bigint) => offset >= start && offset < start + size;
  const headers = BigInt(header.programHeaderCount * header.programHeaderSize);
  return (
    isWithin(0n, 64n) ||
    isWithin(header.programHeaderOffset, headers) ||
    segments.some(
      ({ type, offset: start, fileSize }) => type === PT.LOAD && isWithin(start, fileSize),
    )
  );
}

function reasonOf(message: string): string {
  return message.replace(/\b(0x)?\d[\da-f]*\b/g, 'N').replace(/`[^`]*`/g, 'X');
}
