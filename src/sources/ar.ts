import { arMembers } from '../archive/ar.ts';
import type { EntryWalk } from '../archive/entry.ts';
import type { Limits } from '../base/limits.ts';
import { partOf } from '../base/random-access.ts';
import { expectFormat } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { packageTarget } from './packages/package-target.ts';
import type { Source } from './source.ts';

const scheme = 'ar';

export default {
  scheme,
  summary: 'a static library (.a), each object of it a file',
  recognised: 'any other ar',
  opens: 'programs',
  endings: ['a'],
  async claims(input) {
    return input.kind === 'file' && input.format === scheme ? 'likely' : 'no';
  },
  async open(given, options) {
    const input = expectFormat(given, options, scheme, 'an ar archive');
    const entries = () => members(input, options.limits);
    return [await packageTarget(input, scheme, async () => null, entries)];
  },
} satisfies Source;

/** Members of one name are all part of the library: the second `a.o` becomes `a.o~2`. */
async function* members({ file }: FileInput, limits: Limits): EntryWalk {
  const seen = new Map<string, number>();
  for await (const { name, offset, ...member } of arMembers(file, limits)) {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const bytes = partOf(file, offset, member.size);
    yield {
      ...member,
      path: count === 1 ? name : `${name}~${count}`,
      type: 'file',
      linkTarget: '',
      capability: null,
      body: () => bytes.stream(0, bytes.size),
    };
  }
}
