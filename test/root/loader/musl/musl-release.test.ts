import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../../../src/elf/constants.ts';
import { muslRelease } from '../../../../src/root/loader/musl/musl-release.ts';
import { buildRoot, type Things } from '../../../support/roots/root-builder.ts';
import { library, linkIn, muslLoader, muslPath, program } from '../processes.ts';

const list = 'aio_cancel\0aio_error\0open\0posix_fallocate\0';

function releaseOf(constants: string, instructions: readonly number[] = []) {
  const root = buildRoot({ [muslPath]: muslLoader([], constants, instructions) });
  const extraction = root.extractions.get(root.resolve(muslPath)?.elf ?? '');
  if (!extraction?.linking.known) throw new Error('the loader is not read');
  return muslRelease(extraction.linking.value);
}

/** `lea -1(%rcx),%rax; cmp $last,%rax`, as decode_vec begins. */
function upTo(last: number): readonly number[] {
  return [0x48, 0x8d, 0x41, 0xff, 0x48, 0x83, 0xf8, last];
}

const releases: readonly {
  readonly name: string;
  readonly constants: string;
  readonly version: string | null;
  readonly appliesRelative: 'yes' | 'no' | 'not-known';
  readonly longest?: boolean;
  readonly instructions?: readonly number[];
}[] = [
  { name: 'an old release', constants: '1.1.22', version: '1.1.22', appliesRelative: 'no' },
  {
    name: 'the release that distributions changed',
    constants: '1.2.3',
    version: '1.2.3',
    appliesRelative: 'not-known',
  },
  {
    name: 'that release, whose code keeps 32 tags',
    constants: '1.2.3',
    version: '1.2.3',
    appliesRelative: 'no',
    instructions: upTo(30),
  },
  {
    name: 'that release, whose code keeps tags up to DT_RELR',
    constants: '1.2.3',
    version: '1.2.3',
    appliesRelative: 'yes',
    instructions: [...upTo(30), 0x90, ...upTo(35)],
  },
  {
    name: 'that release, with a comparison of another number',
    constants: '1.2.3',
    version: '1.2.3',
    appliesRelative: 'not-known',
    instructions: upTo(31),
  },
  {
    name: 'a new release',
    constants: `1.2.5\0${list}`,
    version: '1.2.5',
    appliesRelative: 'yes',
    longest: false,
  },
  {
    name: 'a build from git',
    constants: `1.2.5-git-53-g86373b49\0${list}`,
    version: '1.2.5-git-53-g86373b49',
    appliesRelative: 'yes',
    longest: true,
  },
  {
    name: 'a later one',
    constants: `1.3.0\0${list}`,
    version: '1.3.0',
    appliesRelative: 'yes',
    longest: true,
  },
  {
    name: 'an address is not a version',
    constants: '127.0.0.1',
    version: null,
    appliesRelative: 'not-known',
  },
  {
    name: 'two versions are none',
    constants: '1.1.22\x001.2.5',
    version: null,
    appliesRelative: 'not-known',
  },
  {
    name: 'the list alone',
    constants: list,
    version: null,
    appliesRelative: 'yes',
    longest: false,
  },
];

describe('the release of a musl loader', () => {
  for (const { name, constants, version, appliesRelative, longest, instructions } of releases) {
    it(`${name}: ${version ?? 'unknown'}, DT_RELR ${appliesRelative}`, () => {
      const release = releaseOf(constants, instructions);
      assert.equal(release.version, version);
      assert.equal(release.appliesRelative, appliesRelative);
      assert.equal(release.remapped('open64'), longest === undefined ? null : 'open');
      assert.equal(release.remapped('close64'), null);
      assert.equal(release.remapped('readdir64_r'), longest === undefined ? null : 'readdir_r');
      const fallocate = release.remapped('posix_fallocate64');
      assert.equal(fallocate, longest ? 'posix_fallocate' : null);
    });
  }
});

const libc = 'libc.musl-x86_64.so.1';
const old = { [muslPath]: muslLoader(['write', 'open'], '1.1.22') };
const recent = { [muslPath]: muslLoader(['write', 'open'], `1.2.5\0${list}`) };
const R_X86_64_RELATIVE = 8;
const R_X86_64_PC64 = 24;
const R_X86_64_IRELATIVE = 37;

const word = (type: number) => ({ relocations: [{ type, symbol: '', at: { word: 1 } }] }) as const;

const links: readonly {
  readonly name: string;
  readonly things: Things;
  readonly says: RegExp | null;
}[] = [
  {
    name: 'open64 is open where the list has it',
    things: { ...recent, '/bin/app': program('musl', { needed: [libc], calls: ['open64'] }) },
    says: null,
  },
  {
    name: 'open64 is nothing in an old release',
    things: { ...old, '/bin/app': program('musl', { needed: [libc], calls: ['open64'] }) },
    says: /^open64$/,
  },
  {
    name: 'a name on the list that this loader does not define',
    things: {
      ...recent,
      '/bin/app': program('musl', { needed: [libc], calls: ['aio_error64'] }),
    },
    says: /^aio_error64$/,
  },
  {
    name: 'a type that musl has no case for',
    things: { ...recent, '/bin/app': program('musl', { needed: [libc], ...word(R_X86_64_PC64) }) },
    says: /\/bin\/app has relocations of type 24, which musl does not know/,
  },
  {
    name: 'an indirect function',
    things: {
      ...recent,
      '/bin/app': program('musl', { needed: [libc], ...word(R_X86_64_IRELATIVE) }),
    },
    says: /\/bin\/app has relocations for IFUNC, which musl does not have/,
  },
  {
    name: 'a type that every program has',
    things: {
      ...recent,
      '/bin/app': program('musl', { needed: [libc], ...word(R_X86_64_RELATIVE) }),
    },
    says: null,
  },
  {
    name: 'an object file is not a library',
    things: {
      ...recent,
      '/lib/libx.so': library('libx.so', { type: ET.CORE }),
      '/bin/app': program('musl', { needed: ['libx.so', libc] }),
    },
    says: /^libx\.so$/,
  },
  {
    name: 'a need without a name',
    things: { ...recent, '/bin/app': program('musl', { needed: ['', libc] }) },
    says: /^$/,
  },
];

describe('what a release of musl makes of a program', () => {
  for (const { name, things, says } of links) {
    it(name, () => {
      const link = linkIn(things, '/bin/app');
      const wrong = [
        ...link.missingLibraries.map((each) => each.name),
        ...link.missingSymbols.map((each) => each.name),
        ...link.refusedFiles.map(({ path, because }) => `${path} ${because}`),
      ];
      assert.deepEqual(link.undecided, []);
      if (says === null) assert.deepEqual(wrong, []);
      else {
        assert.equal(wrong.length, 1);
        assert.match(wrong[0] ?? '', says);
      }
    });
  }
});
