import { type Entry, installStatic } from './entries.ts';
import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';
import { type ProgramKind, plainKind, recipeOf, staticKinds } from './program-kinds.ts';
import { libcFor } from './root-libc.ts';

const image: ImageSettings = { entrypoint: ['/opt/app'] };

function built(kind: ProgramKind, flags: readonly string[] = []) {
  return (lab: Lab) => {
    const { machine } = lab.base;
    const libc =
      kind.mode === 'staticpie' && lab.base.libc === 'musl' ? 'alpine' : libcFor(lab.base);
    const recipe = recipeOf({ kind, machine, libc, calls: [], with: [], flags });
    lab.install(lab.compile(recipe), '/opt/app');
  };
}

function edited(make: (lab: Lab) => void, edit: (bytes: Buffer) => Buffer | undefined) {
  return (lab: Lab) => {
    make(lab);
    const bytes = lab.read('/opt/app');
    lab.write('/opt/app', edit(bytes) ?? bytes, 0o755);
  };
}

const dynamic = built(plainKind);
const still = (lab: Lab) => installStatic(lab, '/opt/app');

/** The same damage to a program with a loader and to one without. */
function both(name: string, edit: (bytes: Buffer) => Buffer | undefined): readonly Entry[] {
  return [
    { name: `a dynamic program ${name}`, image, apply: edited(dynamic, edit) },
    { name: `a static program ${name}`, image, apply: edited(still, edit) },
  ];
}

function byte(at: number, value: number) {
  return (bytes: Buffer): undefined => {
    bytes[at] = value;
  };
}

/** Changes the program header of a type: fields as they stand in 64-bit files. */
function segment(type: number, change: (bytes: Buffer, at: number) => void) {
  return (bytes: Buffer): undefined => {
    const first = Number(bytes.readBigUInt64LE(32));
    for (let index = 0; index < bytes.readUInt16LE(56); index += 1) {
      const at = first + index * 56;
      if (bytes.readUInt32LE(at) === type) return void change(bytes, at);
    }
  };
}

const PT_LOAD = 1;
const PT_INTERP = 3;

/** Files that the kernel takes, and that it refuses. Their edits are those of 64-bit files. */
export const headerEntries: readonly Entry[] = [
  ...both('for another machine', byte(18, 8)),
  ...both('with another class', byte(4, 1)),
  ...both('with another byte order', byte(5, 2)),
  ...both('with another EI_VERSION', byte(6, 9)),
  ...both('with another e_version', byte(20, 9)),
  ...both('for another OSABI', byte(7, 9)),
  ...both('of type ET_REL', byte(16, 1)),
  ...both('of type ET_CORE', byte(16, 4)),
  ...both('of no type', byte(16, 0)),
  ...both('without a magic number', byte(0, 0x7e)),
  ...both('with another e_phentsize', byte(54, 57)),
  ...both('without program headers', byte(56, 0)),
  ...both('with another e_ehsize', byte(52, 1)),
  ...both('without section headers', (bytes) => {
    bytes.fill(0, 40, 48);
    bytes.fill(0, 58, 64);
  }),
  ...both('cut inside its ELF header', (bytes) => bytes.subarray(0, 40)),
  ...both('cut behind its ELF header', (bytes) => bytes.subarray(0, 64)),
  ...both('cut to 200 bytes', (bytes) => bytes.subarray(0, 200)),
  ...both('cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2)),
  ...both(
    'with a segment longer in the file than in memory',
    segment(PT_LOAD, (bytes, at) => {
      bytes.writeBigUInt64LE(1n, at + 40);
    }),
  ),
  ...both(
    'with a segment that no address holds',
    segment(PT_LOAD, (bytes, at) => {
      bytes.writeBigUInt64LE(0xffff_0000_0000_0000n, at + 16);
    }),
  ),
  ...both(
    'with a segment at an odd offset',
    segment(PT_LOAD, (bytes, at) => {
      bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at + 8) + 16n, at + 8);
    }),
  ),
  ...both(
    'with an odd alignment',
    segment(PT_LOAD, (bytes, at) => {
      bytes.writeBigUInt64LE(3n, at + 48);
    }),
  ),
  ...both('with an entry point of 0', (bytes) => {
    bytes.fill(0, 24, 32);
  }),
  {
    name: 'a dynamic program with an interpreter of one byte',
    image,
    apply: edited(
      dynamic,
      segment(PT_INTERP, (bytes, at) => bytes.writeBigUInt64LE(1n, at + 32)),
    ),
  },
  {
    name: 'a dynamic program with an interpreter without its NUL',
    image,
    apply: edited(
      dynamic,
      segment(PT_INTERP, (bytes, at) =>
        bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at + 32) - 1n, at + 32),
      ),
    ),
  },
  {
    name: 'a dynamic program with an interpreter of 8 KB',
    image,
    apply: edited(
      dynamic,
      segment(PT_INTERP, (bytes, at) => bytes.writeBigUInt64LE(8192n, at + 32)),
    ),
  },
  {
    name: 'a dynamic program with an empty interpreter',
    image,
    apply: edited(
      dynamic,
      segment(PT_INTERP, (bytes, at) => {
        bytes[Number(bytes.readBigUInt64LE(at + 8))] = 0;
      }),
    ),
  },
  {
    name: 'a dynamic program with an interpreter that ends early',
    image,
    apply: edited(
      dynamic,
      segment(PT_INTERP, (bytes, at) => {
        bytes[Number(bytes.readBigUInt64LE(at + 8)) + 8] = 0;
      }),
    ),
  },
];

function interpreter(
  name: string,
  path: string,
  apply: (lab: Lab) => void = () => {},
  more: ImageSettings = {},
): Entry {
  return {
    name: `a program whose interpreter ${name}`,
    image: { ...image, ...more },
    apply(lab) {
      built(plainKind, [`-Wl,-dynamic-linker,${path}`])(lab);
      apply(lab);
    },
  };
}

/** Puts the root's own loader elsewhere. */
function loaderTo(path: string, mode = 0o755) {
  return (lab: Lab) => {
    const loader = loaderOf(lab);
    lab.write(path, lab.read(loader), mode);
  };
}

function loaderOf(lab: Lab): string {
  if (lab.base.libc === 'glibc') return '/lib64/ld-linux-x86-64.so.2';
  return `/lib/ld-musl-${lab.base.machine}.so.1`;
}

/** What is wrong, or odd, about the file that PT_INTERP names. */
export const interpreterEntries: readonly Entry[] = [
  interpreter('is missing', '/lib/ld-nowhere.so.1'),
  interpreter('lies elsewhere', '/opt/ld.so', loaderTo('/opt/ld.so')),
  interpreter('is a link to the loader', '/opt/ld.so', (lab) =>
    lab.symlink('/opt/ld.so', loaderOf(lab)),
  ),
  interpreter('is a dangling link', '/opt/ld.so', (lab) => lab.symlink('/opt/ld.so', '/nowhere')),
  interpreter('is a loop of links', '/opt/ld.so', (lab) => lab.symlink('/opt/ld.so', 'ld.so')),
  interpreter('is a directory', '/opt', () => {}),
  interpreter('is of mode 0644', '/opt/ld.so', loaderTo('/opt/ld.so', 0o644)),
  interpreter('is of mode 0700, by user 1000', '/opt/ld.so', loaderTo('/opt/ld.so', 0o700), {
    user: '1000',
  }),
  interpreter('is of mode 0711, by user 1000', '/opt/ld.so', loaderTo('/opt/ld.so', 0o711), {
    user: '1000',
  }),
  interpreter(
    'is in a folder of mode 0700, by user 1000',
    '/srv/ld.so',
    (lab) => {
      loaderTo('/srv/ld.so')(lab);
      lab.chmod('/srv', 0o700);
    },
    { user: '1000' },
  ),
  interpreter('is relative', 'opt/ld.so', loaderTo('/opt/ld.so')),
  interpreter('is relative, from another directory', 'opt/ld.so', loaderTo('/opt/ld.so'), {
    workingDir: '/srv',
  }),
  interpreter('is relative to the working directory', './ld.so', loaderTo('/srv/ld.so'), {
    workingDir: '/srv',
  }),
  interpreter('is a text', '/opt/ld.so', (lab) => lab.write('/opt/ld.so', 'text\n', 0o755)),
  interpreter('is a script', '/opt/ld.so', (lab) => lab.write('/opt/ld.so', '#!/bin/sh\n', 0o755)),
  interpreter('is empty', '/opt/ld.so', (lab) => lab.write('/opt/ld.so', '', 0o755)),
  interpreter('is a static program', '/opt/ld.so', (lab) => installStatic(lab, '/opt/ld.so')),
  interpreter('is the program itself', '/opt/app'),
  interpreter('is cut', '/opt/ld.so', (lab) =>
    lab.write('/opt/ld.so', lab.read(loaderOf(lab)).subarray(0, 5000), 0o755),
  ),
  interpreter('is for another machine', '/opt/ld.so', (lab) => {
    const bytes = lab.read(loaderOf(lab));
    bytes[18] = 8;
    lab.write('/opt/ld.so', bytes, 0o755);
  }),
  interpreter('has //', '/opt//./ld.so', loaderTo('/opt/ld.so')),
  interpreter('has .. behind what is missing', '/nowhere/../opt/ld.so', loaderTo('/opt/ld.so')),
  ...staticKinds.map((kind): Entry => ({ name: kind.name, image, apply: built(kind) })),
  {
    name: 'a static PIE with an interpreter that is missing',
    image,
    apply: built({ ...plainKind, mode: 'staticpie' }, ['-Wl,-dynamic-linker,/lib/ld-nowhere.so.1']),
  },
];
