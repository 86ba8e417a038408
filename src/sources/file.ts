import { basename } from 'node:path';
import type { Entry } from '../archive/entry.ts';
import { UsageError } from '../base/errors.ts';
import { expectFile, refuseChoice } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import type { Source } from './source.ts';

const scheme = 'file';

export default {
  scheme,
  summary: 'one ELF file',
  recognised: 'it begins with `\\x7fELF`',
  opens: 'programs',
  endings: ['so', 'o', 'ko', 'elf', 'bin', 'exe'],
  async claims(input) {
    // An AppImage begins with one too.
    return input.kind === 'file' && input.format === 'elf' ? 'likely' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (input.format !== 'elf')
      throw new UsageError(`${input.name} is not an ELF file: it does not begin with \\x7fELF`);
    const { size } = input.file;
    async function* entries() {
      yield entryOf(input);
    }
    const layer = {
      digest: null,
      diffId: null,
      size,
      createdBy: null,
      origin: null,
      isThere: async () => true,
      entries,
    };
    const kind = 'file';
    return [
      {
        name: input.name,
        scheme,
        kind,
        digest: null,
        platform: null,
        config: null,
        layers: [layer],
        problems: [],
      },
    ];
  },
} satisfies Source;

function entryOf({ name, file, mode, uid, gid }: FileInput): Entry {
  return {
    path: basename(name),
    type: 'file',
    size: file.size,
    mode,
    uid,
    gid,
    linkTarget: '',
    capability: null,
    body: () => file.stream(0, file.size),
    ...(file.hold && { hold: file.hold.bind(file) }),
  };
}
