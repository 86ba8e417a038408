import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM, ET, NT, PF, PT } from '../../../../src/elf/constants.ts';
import { objectionToOpening } from '../../../../src/root/loader/glibc/glibc-refusals.ts';
import { changedElf } from '../../../support/elf/elf-edits.ts';
import { buildRoot, type Thing } from '../../../support/roots/root-builder.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  linkIn,
  muslLoader,
  muslPath,
  program,
  releaseMessages,
} from '../processes.ts';

type Release = keyof typeof releaseMessages;
type Result = 'starts' | 'dies' | 'depends';

const releases: readonly Release[] = ['2.31', '2.36', '2.41'];
const PT_LOAD = 1n;
/** In the table of names `libx.so` comes first, and this is its end: a name that is nowhere else. */
const behindSoname = 4;

const slotOfNoType = { type: 0, at: { word: 2 }, plt: true } as const;

interface Case {
  readonly name: string;
  readonly library: Thing;
  /** Of 2.31, 2.36 and 2.41. */
  readonly want: readonly [Result, Result, Result];
}

const never: Case['want'] = ['dies', 'dies', 'dies'];

const cases: readonly Case[] = [
  {
    name: 'takes a library of ELFOSABI_GNU',
    library: library('libx.so', { osAbi: 3 }),
    want: ['starts', 'starts', 'starts'],
  },
  {
    name: 'refuses a library for another system',
    library: library('libx.so', { osAbi: 9 }),
    want: never,
  },
  {
    name: 'refuses an EI_DATA that the machine does not have',
    library: withByte(5, 2),
    want: never,
  },
  { name: 'refuses an EI_ABIVERSION', library: withByte(8, 1), want: never },
  { name: 'refuses bytes behind it', library: withByte(15, 1), want: never },
  {
    name: 'refuses a program at a fixed address',
    library: library('libx.so', { type: ET.EXEC }),
    want: never,
  },
  {
    name: 'refuses a slot of no type where it binds at the first call',
    library: library('libx.so', { relocations: [slotOfNoType] }),
    want: never,
  },
  {
    name: 'takes a slot of no type where it binds at once',
    library: library('libx.so', { relocations: [slotOfNoType], dynamic: [[DT.BIND_NOW, 0]] }),
    want: ['starts', 'starts', 'starts'],
  },
  {
    name: 'refuses a position-independent program that says so',
    library: library('libx.so', { dynamic: [[DT.FLAGS_1, DF_1.PIE]] }),
    want: never,
  },
  {
    name: 'held segments to their alignment until 2.34',
    library: withAlignment(0x800n),
    want: ['dies', 'starts', 'starts'],
  },
  {
    name: 'passed over what is for another system by its note until 2.35',
    library: tagged(1, 2),
    want: ['dies', 'starts', 'starts'],
  },
  {
    name: 'passes over what is for a kernel that does not exist yet',
    library: tagged(0, 99),
    want: ['dies', 'starts', 'starts'],
  },
  {
    name: 'requires a kernel that not every machine has',
    library: tagged(0, 5),
    want: ['depends', 'starts', 'starts'],
  },
  {
    name: 'takes a library for Linux 3.2',
    library: tagged(0, 3),
    want: ['starts', 'starts', 'starts'],
  },
  {
    name: 'requires a level of processor that not every machine has',
    library: levelled(0x4),
    want: ['starts', 'depends', 'depends'],
  },
  {
    name: 'refuses a level of processor that it does not know',
    library: levelled(0x100),
    want: ['starts', 'dies', 'dies'],
  },
  {
    name: 'knows DT_RELR since 2.36',
    library: library('libx.so', { relr: [0x1000] }),
    want: ['dies', 'starts', 'starts'],
  },
  {
    name: 'refuses DT_RELR of a file that needs libc and does not require its version',
    library: library('libx.so', {
      relr: [0x1000],
      needed: ['libc.so.6'],
      imports: ['f@GLIBC_2.2.5'],
    }),
    want: never,
  },
  {
    name: 'loads what a filter stands for',
    library: library('libx.so', { dynamic: [[DT.FILTER, behindSoname]] }),
    want: never,
  },
  {
    name: 'does without what an auxiliary filter stands for',
    library: library('libx.so', { dynamic: [[DT.AUXILIARY, behindSoname]] }),
    want: ['starts', 'starts', 'starts'],
  },
];

const opened: readonly (Case & { readonly app?: Thing })[] = [
  {
    name: 'opens a library',
    library: library('libx.so', { segments: [stack(PF.R | PF.W)] }),
    want: ['starts', 'starts', 'starts'],
  },
  {
    name: 'gave every library an executable stack until 2.40',
    library: library('libx.so', { segments: [stack(PF.R | PF.W | PF.X)] }),
    want: ['starts', 'starts', 'dies'],
  },
  {
    name: 'takes a missing PT_GNU_STACK for one that requires execution',
    library: library('libx.so'),
    want: ['starts', 'starts', 'dies'],
  },
  {
    name: 'does not take away what the process began with',
    library: library('libx.so'),
    app: program('glibc', { segments: [stack(PF.R | PF.W | PF.X)] }),
    want: ['starts', 'starts', 'starts'],
  },
  {
    name: 'does not open what is for the start only',
    library: library('libx.so', {
      segments: [stack(PF.R | PF.W)],
      dynamic: [[DT.FLAGS_1, DF_1.NOOPEN]],
    }),
    want: never,
  },
  {
    name: 'opens no program',
    library: library('libx.so', { type: ET.EXEC, segments: [stack(PF.R | PF.W)] }),
    want: never,
  },
];

describe('what glibc says to a library that a process opens, by release', () => {
  for (const { name, library: thing, app, want } of opened) {
    it(name, () => {
      const host = app ?? program('glibc', { segments: [stack(PF.R | PF.W)] });
      assert.deepEqual(
        releases.map((release) => openedIn(host, aligned(thing), release)),
        want,
      );
    });
  }
});

describe('what glibc says to a library, by release', () => {
  for (const { name, library: thing, want } of cases) {
    it(name, () => {
      assert.deepEqual(
        releases.map((release) => resultOf(thing, release)),
        want,
      );
    });
  }

  it("refuses musl's libc where it serves, and not behind glibc's", () => {
    const musl = muslLoader(['__libc_start_main', 'membarrier']);
    const alone = { needed: ['libc.musl-x86_64.so.1'] };
    const behind = { needed: ['libreal.so', 'libc.musl-x86_64.so.1'] };
    const things = {
      ...rootOf('2.41'),
      '/lib/libc.musl-x86_64.so.1': musl,
      '/lib/libreal.so': library('libreal.so', { exports: ['__libc_start_main'] }),
    };
    const refused = [alone, behind].map((parts) => {
      const link = linkIn({ ...things, '/bin/app': program('glibc', parts) }, '/bin/app');
      return link.refusedFiles.map(({ path }) => path);
    });
    assert.deepEqual(refused, [['/lib/libc.musl-x86_64.so.1'], []]);
  });

  it('does not survive a version of a library without any until 2.40', () => {
    const link = (release: Release) =>
      linkIn(
        {
          ...rootOf(release),
          '/lib/libx.so': aligned(library('libx.so', { exports: ['f'] })),
          '/bin/app': program('glibc', { needed: ['libx.so'], imports: ['f@X_1'] }),
        },
        '/bin/app',
      ).missingSymbols.map(({ name }) => name);
    assert.deepEqual(releases.map(link), [['f, version X_1'], ['f, version X_1'], []]);
  });

  it('passes over a library that names another class, and finds the next one', () => {
    const things = { '/lib/libx.so': withByte(4, 1), '/usr/lib/libx.so': library('libx.so') };
    const link = linkIn({ ...rootOf('2.36'), ...things }, '/bin/app');
    assert.equal(link.libraries[1]?.path, '/usr/lib/libx.so');
  });

  it('does not find a hidden symbol, which musl finds', () => {
    const hidden = library('libx.so', {
      symbols: [{ name: 'f', defined: true, value: 0x1000, visibility: 2 }],
    });
    const app = { needed: ['libx.so'], imports: ['f'] };
    const glibc = linkIn(
      { ...rootOf('2.36'), '/lib/libx.so': hidden, '/bin/app': program('glibc', app) },
      '/bin/app',
    );
    const musl = linkIn(
      { [muslPath]: muslLoader(), '/lib/libx.so': hidden, '/bin/app': program('musl', app) },
      '/bin/app',
    );
    assert.deepEqual(
      [glibc.missingSymbols.map(({ name }) => name), musl.missingSymbols],
      [['f'], []],
    );
  });
});

function rootOf(release: Release) {
  return {
    [glibcPath]: glibcLoader(['/lib', '/usr/lib'], EM.X86_64, releaseMessages[release]),
    '/lib/libc.so.6': library('libc.so.6', {
      exports: ['f@GLIBC_2.2.5', 'g@GLIBC_ABI_DT_RELR'],
    }),
    '/bin/app': program('glibc', { needed: ['libx.so'] }),
  };
}

function resultOf(thing: Thing, release: Release): Result {
  const link = linkIn({ ...rootOf(release), '/lib/libx.so': aligned(thing) }, '/bin/app');
  if (link.missingLibraries.length > 0 || link.refusedFiles.length > 0) return 'dies';
  return link.undecided.length > 0 ? 'depends' : 'starts';
}

/** As linkers write segments; the builder aligns them to bytes. */
function aligned(thing: Thing): Thing {
  if (thing.bytes?.[5] !== 1) return thing;
  const bytes = changedElf(thing.bytes, ({ segments }) => {
    for (const each of segments()) {
      if (each.get('type') === PT_LOAD && each.get('align') === 1n) each.set('align', 0x1000n);
    }
  });
  return { ...thing, bytes };
}

function openedIn(app: Thing, thing: Thing, release: Release): Result {
  const root = buildRoot({ ...rootOf(release), '/lib/libx.so': thing, '/bin/app': app });
  const tablesAt = (path: string) => {
    const linking = root.extractions.get(root.resolve(path)?.elf ?? '')?.linking;
    if (!linking?.known) throw new Error(`${path} cannot be read`);
    return linking.value;
  };
  const abilities = tablesAt(glibcPath).loader?.glibc ?? null;
  const objection = objectionToOpening(tablesAt('/lib/libx.so'), [tablesAt('/bin/app')], abilities);
  return objection === null ? 'starts' : 'dies';
}

function stack(flags: number) {
  return { type: PT.GNU_STACK, flags };
}

function withByte(at: number, value: number): Thing {
  return changed(({ bytes }) => bytes.writeUInt8(value, at));
}

function withAlignment(alignment: bigint): Thing {
  return changed(({ segments }) => {
    for (const each of segments()) if (each.get('type') === PT_LOAD) each.set('align', alignment);
  });
}

function changed(change: Parameters<typeof changedElf>[1]): Thing {
  const { bytes = Buffer.alloc(0), ...more } = library('libx.so');
  return { ...more, bytes: changedElf(bytes, change) };
}

function tagged(system: number, major: number): Thing {
  const note = { owner: 'GNU', type: NT.GNU_ABI_TAG, description: words(system, major, 2, 0) };
  return library('libx.so', { notes: [note] });
}

function levelled(bits: number): Thing {
  const description = words(0xc0008002, 4, bits, 0);
  const note = { owner: 'GNU', type: NT.GNU_PROPERTY_TYPE_0, description, alignment: 8 } as const;
  return library('libx.so', { notes: [note] });
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}
