import { compressionOf } from '../archive/decompress.ts';
import {
  isBootSectorAlone,
  isFlatKernel,
  kernelHeadSize,
  readKernelImage,
} from '../archive/kernel-image.ts';
import { DamagedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { problemOf } from '../base/problem-of.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { partOf } from '../base/random-access.ts';
import { expectFormat } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { isElf, unpackedElf, unpackedHead } from './nested/unpacked-elf.ts';
import { packageTarget } from './packages/package-target.ts';
import type { Source, Target } from './source.ts';

const scheme = 'kernel';

/** A kernel as boot loaders and EFI start it: the ELF file in it is called `vmlinux`, as its build calls it. */
export default {
  scheme,
  summary: 'a Linux kernel in the form that boot loaders and EFI start: bzImage, EFI zboot, Image',
  recognised: 'the magic numbers of these formats',
  opens: 'programs',
  async claims(input) {
    if (input.kind !== 'file' || input.format !== scheme) return 'no';
    const head = await input.file.read(0, kernelHeadSize);
    return isBootSectorAlone(head, input.file.size) ? 'no' : 'certain';
  },
  async open(given, options) {
    const input = expectFormat(given, options, scheme, 'a kernel that a boot loader takes');
    const { payload, problems } = await payloadOf(input, options.limits);
    const entries = () =>
      payload === null ? nothing() : unpackedElf('vmlinux', payload, options.limits);
    const target: Target = await packageTarget(input, scheme, async () => null, entries);
    return [{ ...target, problems: [...target.problems, ...problems] }];
  },
} satisfies Source;

interface Payload {
  readonly payload: RandomAccess | null;
  readonly problems: readonly Problem[];
}

async function payloadOf({ name, file }: FileInput, limits: Limits): Promise<Payload> {
  const without = (kind: 'notice' | 'unsupported', message: string) => ({
    payload: null,
    problems: [{ kind, where: name, message } as const],
  });
  try {
    const image = await readKernelImage(file);
    if (image === null) throw new Error('what begins as a kernel is one');
    if (image.payload === null)
      return without('notice', `it is ${image.name}, which has no ELF file in it to judge`);
    const payload = await withoutSize(image.payload);
    const head = await unpackedHead(payload, limits);
    if (isElf(head)) return { payload, problems: [] };
    if (isFlatKernel(head))
      return without(
        'notice',
        `it is ${image.name}, whose content is plain memory, without an ELF file in it`,
      );
    const message = `it is ${image.name}, whose content is not an ELF file that can be unpacked`;
    return without('unsupported', message);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { payload: null, problems: [problemOf(error, name)] };
  }
}

/** The kernel's build writes the size behind all compressed data but gzip's, which has one of its own. */
async function withoutSize(payload: RandomAccess): Promise<RandomAccess> {
  const compression = compressionOf(await payload.read(0, 16));
  return compression === 'gzip' ? payload : partOf(payload, 0, payload.size - 4);
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}
