import { EM } from '../../elf/constants.ts';
import type { Machine } from '../../facts/machine.ts';

/** Whether the machine of a platform starts programs of this one, or why that is up to its processor or kernel. */
export type Fit = 'yes' | 'no' | { readonly because: string };

type Kind = readonly [machine: number, bits: 32 | 64, byteOrder: 'little' | 'big'];

interface Native {
  readonly own: Kind;
  /** Every kernel that distributions build runs them too. */
  readonly also?: readonly Kind[];
  /** What some processors or kernels run too, with the reason. */
  readonly sometimes?: readonly (readonly [kind: Kind, because: string])[];
}

const x86: Kind = [EM.X86_64, 64, 'little'];
const x32: Kind = [EM.X86_64, 32, 'little'];
const i386: Kind = [EM.I386, 32, 'little'];
const i486: Kind = [EM.I486, 32, 'little'];
const aarch64: Kind = [EM.AARCH64, 64, 'little'];
const arm: Kind = [EM.ARM, 32, 'little'];
const mips = (bits: 32 | 64, order: 'little' | 'big'): Kind => [EM.MIPS, bits, order];

/** What names the platform of a smaller machine is mostly run on a larger one of its family. */
const onLarger =
  'a 64-bit kernel starts it, and on the 32-bit one that the platform names it is an exec format error';
const byProcessor =
  'processors of that platform may lack 32-bit programs, and its kernels may be built without them';
const byBuild = 'kernels of that platform are built with 32-bit programs, or without';

/** By GOARCH. */
const natives: Readonly<Record<string, Native>> = {
  amd64: {
    own: x86,
    also: [i386, i486],
    sometimes: [[x32, 'kernels start programs of x32 only where they are told to at boot']],
  },
  '386': {
    own: i386,
    also: [i486],
    sometimes: [
      [x86, onLarger],
      [x32, onLarger],
    ],
  },
  arm64: { own: aarch64, sometimes: [[arm, byProcessor]] },
  arm: { own: arm, sometimes: [[aarch64, onLarger]] },
  riscv64: {
    own: [EM.RISCV, 64, 'little'],
    sometimes: [[[EM.RISCV, 32, 'little'], byProcessor]],
  },
  ppc64le: { own: [EM.PPC64, 64, 'little'] },
  ppc64: { own: [EM.PPC64, 64, 'big'], sometimes: [[[EM.PPC, 32, 'big'], byBuild]] },
  s390x: { own: [EM.S390, 64, 'big'], sometimes: [[[EM.S390, 32, 'big'], byBuild]] },
  mips64le: { own: mips(64, 'little'), sometimes: [[mips(32, 'little'), byBuild]] },
  mips64: { own: mips(64, 'big'), sometimes: [[mips(32, 'big'), byBuild]] },
  mipsle: { own: mips(32, 'little'), sometimes: [[mips(64, 'little'), onLarger]] },
  mips: { own: mips(32, 'big'), sometimes: [[mips(64, 'big'), onLarger]] },
  loong64: { own: [EM.LOONGARCH, 64, 'little'] },
};

/** null for a platform whose machine is not known. `platform` is `os/arch[/variant]`. */
export function fitOf(platform: string, machine: Machine): Fit | null {
  const [, architecture = ''] = platform.split('/');
  const native = Object.hasOwn(natives, architecture) ? natives[architecture] : undefined;
  if (native === undefined) return null;
  const isOne = ([number, bits, byteOrder]: Kind) =>
    machine.number === number && machine.bits === bits && machine.byteOrder === byteOrder;
  if (isOne(native.own) || native.also?.some(isOne)) return 'yes';
  const [, because] = native.sometimes?.find(([kind]) => isOne(kind)) ?? [];
  return because === undefined ? 'no' : { because };
}
