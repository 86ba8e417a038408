import { type ArMember, arMembers } from '../archive/ar.ts';
import { decompress } from '../archive/decompress.ts';
import { tarEntries } from '../archive/tar/tar-stream.ts';
import { MissingPart } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { partOf } from '../base/random-access.ts';
import { reportingBehind } from './bytes/report-behind.ts';
import { walkUnpromised } from './bytes/stored-layer.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { findFile, identityOfControl } from './packages/package-metadata.ts';
import { type Identity, packageTarget } from './packages/package-target.ts';
import type { Source } from './source.ts';

const scheme = 'deb';

/** deb(5): an ar archive of `debian-binary`, `control.tar` and `data.tar`, both tars compressed or not. */
export default {
  scheme,
  summary: "a Debian package; also opkg's older ones",
  recognised: 'an ar whose first member is `debian-binary`',
  opens: 'packages',
  endings: ['deb'],
  async claims(input) {
    return input.kind === 'file' && (await isDeb(input)) ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (!(await isDeb(input)))
      throw notThis(
        input,
        'a Debian package: it is not an ar archive that begins with debian-binary',
      );
    const { limits } = options;
    async function* entries(report: (problem: Problem) => void) {
      const data = await find(input, 'data', limits);
      const bytes = partOf(input.file, data.offset, data.size);
      yield* walkUnpromised(bytes, reportingBehind(limits, report));
    }
    return [await packageTarget(input, scheme, () => identify(input, limits), entries)];
  },
} satisfies Source;

const firstMember = Buffer.from('debian-binary', 'latin1');

async function isDeb({ format, file }: FileInput): Promise<boolean> {
  return format === 'ar' && (await file.read(8, firstMember.length)).equals(firstMember);
}

async function identify(input: FileInput, limits: Limits): Promise<Identity | null> {
  const { offset, size } = await find(input, 'control', limits);
  const tar = decompress(partOf(input.file, offset, size).stream(0, size), limits);
  return identityOfControl(await findFile(tarEntries(tar, limits), 'control', limits), 'dpkg');
}

/** Throws MissingPart, or the damage that hides it. */
async function find({ file }: FileInput, part: string, limits: Limits): Promise<ArMember> {
  const name = new RegExp(`^${part}\\.tar(?:\\.\\w{1,4})?$`);
  for await (const member of arMembers(file, limits)) if (name.test(member.name)) return member;
  throw new MissingPart(`the package holds no ${part}.tar`);
}
