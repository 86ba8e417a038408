import { EM } from '../../../elf/constants.ts';
import type { Machine } from '../../../facts/machine.ts';

/** What only some machines that an image of a platform is run on have. */
export interface Narrower {
  /** What starts the program: `a 64-bit kernel`. */
  readonly onlyOn: string;
  /** What the others do. */
  readonly because: string;
}

/**
 * Whether the machine of a platform starts programs of this one. The platform is a label, by which runtimes choose an image;
 * the kernel looks at the program alone, so that a larger machine of the family starts more than the label promises.
 */
export type Fit = 'yes' | 'no' | Narrower;

type Kind = readonly [machine: number, bits: 32 | 64, byteOrder: 'little' | 'big'];

interface Native {
  readonly own: Kind;
  /** Every kernel that distributions build runs them too. */
  readonly also?: readonly Kind[];
  /** What some processors or kernels run too. */
  readonly sometimes?: readonly (readonly [kind: Kind, narrower: Narrower])[];
}

const x86: Kind = [EM.X86_64, 64, 'little'];
const x32: Kind = [EM.X86_64, 32, 'little'];
const i386: Kind = [EM.I386, 32, 'little'];
const i486: Kind = [EM.I486, 32, 'little'];
const aarch64: Kind = [EM.AARCH64, 64, 'little'];
const arm: Kind = [EM.ARM, 32, 'little'];
const mips = (bits: 32 | 64, order: 'little' | 'big'): Kind => [EM.MIPS, bits, order];

const refused = 'answers "exec format error"';
/** An image for a smaller machine is mostly run on a larger one of its family. */
const onLarger: Narrower = {
  onlyOn: 'a 64-bit kernel',
  because: `the 32-bit one that the platform names ${refused}`,
};
const byProcessor: Narrower = {
  onlyOn: 'processors and kernels with 32-bit programs',
  because: `every other one of that platform ${refused}`,
};
const byBuild: Narrower = {
  onlyOn: 'kernels that are built with 32-bit programs',
  because: `every other one of that platform ${refused}`,
};
const byBoot: Narrower = {
  onlyOn: 'kernels with programs of x32',
  because: `few are built with them, or set at boot to accept them, and every other one ${refused}`,
};

/** By GOARCH. */
const natives: Readonly<Record<string, Native>> = {
  amd64: {
    own: x86,
    also: [i386, i486],
    sometimes: [[x32, byBoot]],
  },
  '386': {
    own: i386,
    also: [i486],
    sometimes: [
      [x86, onLarger],
      [x32, byBoot],
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
  const [, narrower] = native.sometimes?.find(([kind]) => isOne(kind)) ?? [];
  return narrower ?? 'no';
}
