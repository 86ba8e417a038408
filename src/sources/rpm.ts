import { cpioEntries } from '../archive/cpio/cpio.ts';
import type { ListedFiles } from '../archive/cpio/cpio-header.ts';
import { decompress } from '../archive/decompress.ts';
import type { EntryWalk } from '../archive/entry.ts';
import { type RpmPackage, readRpm } from '../archive/rpm.ts';
import { readRpmFiles } from '../archive/rpm-files.ts';
import { MalformedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { reportingBehind } from './bytes/report-behind.ts';
import { expectFormat } from './input/expect-input.ts';
import { packageTarget } from './packages/package-target.ts';
import type { Source } from './source.ts';

const scheme = 'rpm';

export default {
  scheme,
  summary: 'an RPM package, its payload compressed by gzip, bzip2, lzma, xz or zstd',
  recognised: 'it begins with `edabeedb`',
  opens: 'packages',
  endings: ['rpm'],
  async claims(input) {
    return input.kind === 'file' && input.format === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFormat(
      given,
      options,
      scheme,
      'an RPM package: it does not begin with edabeedb',
    );
    const { file } = input;
    const rpm = await readRpm(file);
    const refusal = whyNot(rpm);
    const entries = (report: (problem: Problem) => void) =>
      refusal === null
        ? payloadEntries(file, rpm, reportingBehind(options.limits, report))
        : nothing();
    const target = await packageTarget(input, scheme, async () => identityOf(rpm), entries);
    if (refusal === null) return [target];
    const problem = { kind: 'unsupported', where: 'payload', message: refusal } as const;
    return [{ ...target, problems: [...target.problems, problem] }];
  },
} satisfies Source;

function identityOf({ name, version, architecture, vendor, sourceFile, isSigned }: RpmPackage) {
  const source = sourceFile.replace(/-[^-]*-[^-]*\.(?:no)?src\.rpm$/, '');
  const identity = { name, version, architecture };
  const unsaid = { maintainer: '', license: '', url: '', commit: '' };
  const control = { manager: 'rpm' as const, ...identity, ...unsaid, source, vendor, isSigned };
  return { ...identity, control };
}

const compressors: ReadonlySet<string> = new Set(['gzip', 'bzip2', 'lzma', 'xz', 'zstd', '']);

function whyNot({ format, compressor }: RpmPackage): string | null {
  if (format !== 'cpio') return `the payload is of format ${format}, expected cpio`;
  if (compressors.has(compressor)) return null;
  return `the payload is compressed by ${compressor}, expected gzip, bzip2, lzma, xz or zstd`;
}

/** Even a package without files has an archive, which says that it ends. */
async function* payloadEntries(
  file: RandomAccess,
  { header, payload: start }: RpmPackage,
  limits: Limits,
): EntryWalk {
  if (start >= file.size)
    throw new MalformedInput(`the package ends at ${file.size}, expected its payload there`);
  let files: Promise<ListedFiles> | undefined;
  const listed = () => (files ??= readRpmFiles(file, header));
  const plain = decompress(file.stream(start, file.size - start), limits);
  yield* cpioEntries(plain, limits, listed);
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}
