import { EM } from '../../elf/constants.ts';
import type { Machine } from '../../facts/machine.ts';

/** Whether the machine of a platform starts programs of this one. `sometimes`: it is up to its processor or kernel. */
export type Fit = 'yes' | 'no' | 'sometimes';

type Kind = readonly [machine: number, bits: 32 | 64, byteOrder: 'little' | 'big'];

interface Native {
  readonly own: Kind;
  /** Every kernel that distributions build runs them too. */
  readonly also?: readonly Kind[];
  /** Some processors or kernels run them too, or the platform is run on a larger machine that does. */
  readonly sometimes?: readonly Kind[];
}

const x86: Kind = [EM.X86_64, 64, 'little'];
const x32: Kind = [EM.X86_64, 32, 'little'];
const i386: Kind = [EM.I386, 32, 'little'];
const i486: Kind = [EM.I486, 32, 'little'];
const aarch64: Kind = [EM.AARCH64, 64, 'little'];
const arm: Kind = [EM.ARM, 32, 'little'];
const mips = (bits: 32 | 64, order: 'little' | 'big'): Kind => [EM.MIPS, bits, order];

/** By GOARCH. */
const natives: Readonly<Record<string, Native>> = {
  amd64: { own: x86, also: [i386, i486], sometimes: [x32] },
  '386': { own: i386, also: [i486], sometimes: [x86, x32] },
  arm64: { own: aarch64, sometimes: [arm] },
  arm: { own: arm, sometimes: [aarch64] },
  riscv64: { own: [EM.RISCV, 64, 'little'], sometimes: [[EM.RISCV, 32, 'little']] },
  ppc64le: { own: [EM.PPC64, 64, 'little'] },
  ppc64: { own: [EM.PPC64, 64, 'big'], sometimes: [[EM.PPC, 32, 'big']] },
  s390x: { own: [EM.S390, 64, 'big'], sometimes: [[EM.S390, 32, 'big']] },
  mips64le: { own: mips(64, 'little'), sometimes: [mips(32, 'little')] },
  mips64: { own: mips(64, 'big'), sometimes: [mips(32, 'big')] },
  mipsle: { own: mips(32, 'little'), sometimes: [mips(64, 'little')] },
  mips: { own: mips(32, 'big'), sometimes: [mips(64, 'big')] },
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
  return native.sometimes?.some(isOne) ? 'sometimes' : 'no';
}
