import type { Evidence } from '../../base/verdict.ts';
import { EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/**
 * The bytes of musl's `_start` by machine (arch/*\/crt_arch.h), in hex; `.` is a digit that the linker fills in. Their
 * mark: the stack pointer and _DYNAMIC go to C code at once, where glibc prepares the arguments of __libc_start_main.
 */
const muslStart: Readonly<Record<number, readonly RegExp[]>> = {
  [EM.X86_64]: [/^4831ed4889e7488d35.{8}4883e4f0e8/],
  [EM.I386]: [/^31ed89e083e4f05050e8.{8}810424.{8}50e8/],
  [EM.AARCH64]: [/^1d0080d21e0080d2e0030091.{16}1fec7c92/],
  [EM.ARM]: [
    /^4ff0000b4ff0000e..4979446846(20f00f0c)e546/,
    /^00b0a0e300e0a0e3..109fe501108fe00d00a0e1/,
  ],
  [EM.RISCV]: [/^97.{6}9381.{4}0a8597.{6}9385.{4}137101ff/],
  [EM.PPC64]: [/^(.{16})?28008c801462847c780b237ce4062178/],
  [EM.S390]: [/^b904002fc030.{8}e3303000001[08]a7fbff60a7090000/],
};

/** Bytes that the longest of these patterns looks at. */
const longest = 32;

/** null unless the program's entry point is musl's start code. */
export function startCodeEvidence(elf: Elf): Evidence | null {
  const { machine, entry } = elf.header;
  // An odd address on ARM means Thumb code, not an odd place.
  const offset = elf.fileOffset(machine === EM.ARM ? entry & ~1n : entry, longest);
  if (offset === null) return null;
  const code = elf.bytes.read(offset, longest).toString('hex');
  const isMusl = (muslStart[machine] ?? []).some((pattern) => pattern.test(code));
  if (!isMusl) return null;
  return { what: 'code at e_entry', saw: "musl's _start", offset: BigInt(offset) };
}
