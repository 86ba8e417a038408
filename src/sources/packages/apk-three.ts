import { adbSchema, adbSchemas, openAdb } from '../../archive/adb/adb-blocks.ts';
import { adbIdentity } from '../../archive/adb/adb-identity.ts';
import { adbEntries, isAdbSigned } from '../../archive/adb/adb-package.ts';
import { DamagedInput, UnsupportedFormat } from '../../base/errors.ts';
import { defaultLimits, type Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { reportingBehind } from '../bytes/report-behind.ts';
import type { FileInput } from '../input/input.ts';
import type { Target } from '../source.ts';
import { type Identity, packageTarget } from './package-target.ts';

/**
 * What a file of apk-tools 3 is: a package, or the list of those of a repository or a system. null: it only begins so. One that is
 * compressed in a way that is not known can be anything.
 */
export async function kindOfAdb(file: RandomAccess): Promise<'package' | 'list' | null> {
  try {
    const schema = await adbSchema(file.stream(0, file.size), defaultLimits);
    if (schema === adbSchemas.package) return 'package';
    return schema === adbSchemas.index || schema === adbSchemas.installed ? 'list' : null;
  } catch (error) {
    if (error instanceof UnsupportedFormat) return 'package';
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}

/** A package of apk-tools 3, as Alpine may and OpenWrt does build them. */
export function openApkThree(input: FileInput, limits: Limits): Promise<Target> {
  const { file } = input;
  const stored = () => file.stream(0, file.size);
  const entries = (report: (problem: Problem) => void) =>
    adbEntries(stored(), reportingBehind(limits, report));
  return packageTarget(input, 'apk', () => identify(stored(), limits), entries);
}

async function identify(stored: AsyncIterable<Buffer>, limits: Limits): Promise<Identity> {
  const opened = await openAdb(stored, limits);
  try {
    const { origin, ...said } = adbIdentity(opened.values);
    const isSigned = await isAdbSigned(opened);
    const control = { ...said, manager: 'apk' as const, source: origin, vendor: '', isSigned };
    const { name, version, architecture } = said;
    return { name, version, architecture, control };
  } finally {
    await opened.stream.close();
  }
}
