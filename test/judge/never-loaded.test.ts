import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, notKnown } from '../../src/base/fact.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { loadersFor, spareAgain, spareNeverLoaded } from '../../src/judge/never-loaded.ts';
import type { BinaryKind, Facts } from '../../src/judge/rule.ts';
import type { BinaryReport } from '../../src/report/report.ts';
import { binary, factsWith, verdict } from '../support/reports/report-builder.ts';

type Value<Name extends keyof Facts> = Extract<Facts[Name], { known: true }>['value'];

interface Given {
  readonly kind?: BinaryKind;
  readonly machine?: string;
  readonly libc?: 'glibc' | 'musl' | 'unknown';
  readonly linkage?: Outcome;
  readonly isStarted?: true;
  /** It lies in a folder that is not a root. */
  readonly isOutside?: true;
}

const file = (path: string, given: Given = {}): BinaryReport => {
  const { kind = 'shared-library', machine = 'x86-64', libc = 'glibc', linkage = 'pass' } = given;
  const reached = given.isStarted ? { how: 'started' as const, by: path } : null;
  // Of each fact what is asked of it.
  const facts = factsWith({
    kind: known({ kind, evidence: [] } as unknown as Value<'kind'>),
    machine: known({ name: machine } as unknown as Value<'machine'>),
    libc: known({ name: libc, how: 'asked', evidence: [] }),
    exposure: given.isOutside
      ? notKnown('there is no root')
      : known({ reached, privileged: false } as unknown as Value<'exposure'>),
  });
  const verdicts = [
    verdict({ rule: 'musl-linkage', outcome: linkage }),
    verdict({ rule: 'relro', outcome: 'fail' }),
    verdict({ rule: 'pie', outcome: 'pass' }),
  ];
  return binary({ path, facts, verdicts });
};

const glibc = file('/lib/ld-linux-x86-64.so.2', { kind: 'loader' });
const musl = file('/lib/ld-musl-x86_64.so.1', { kind: 'loader', libc: 'musl' });
const arm = file('/lib/ld-linux-armhf.so.3', { kind: 'loader', machine: 'arm' });
const prebuilds = '/app/node_modules/bcrypt/prebuilds';
const fitting = file(`${prebuilds}/linux-x64/bcrypt.glibc.node`);

const cases: readonly {
  readonly name: string;
  readonly others: readonly BinaryReport[];
  readonly file: BinaryReport;
  readonly isSpared: boolean;
}[] = [
  {
    name: 'for another machine, next to one that fits',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-arm/bcrypt.node`, { machine: 'arm' }),
    isSpared: true,
  },
  {
    name: '(not what is static and of a machine whose programs the kernel runs too)',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-ia32/bcrypt.node`, {
      machine: 'i386',
      kind: 'static-executable',
    }),
    isSpared: false,
  },
  {
    name: 'for another machine, called as if it were for this one',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-x64/bcrypt.node`, { machine: 'arm' }),
    isSpared: true,
  },
  {
    name: 'for this machine, called as if it were for another one',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-arm/bcrypt.node`),
    isSpared: false,
  },
  {
    name: 'for another machine, of which the root has a loader',
    others: [glibc, arm, fitting],
    file: file(`${prebuilds}/linux-arm/bcrypt.node`, { machine: 'arm' }),
    isSpared: false,
  },
  {
    name: 'for another machine, and none next to it that fits',
    others: [glibc],
    file: file(`${prebuilds}/linux-arm/bcrypt.node`, { machine: 'arm' }),
    isSpared: false,
  },
  {
    name: 'for another machine, where no loader shows which one this is',
    others: [fitting],
    file: file(`${prebuilds}/linux-arm/bcrypt.node`, { machine: 'arm' }),
    isSpared: false,
  },
  {
    name: 'for another C library, and refused for it, next to one that fits',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-x64/bcrypt.musl.node`, { libc: 'musl', linkage: 'fail' }),
    isSpared: true,
  },
  {
    name: 'for another C library, but loaded anyway',
    others: [musl, file(`${prebuilds}/linux-x64/bcrypt.musl.node`, { libc: 'musl' })],
    file: file(`${prebuilds}/linux-x64/bcrypt.glibc.node`),
    isSpared: false,
  },
  {
    name: 'refused for something else than its C library',
    others: [glibc, fitting],
    file: file(`${prebuilds}/linux-x64/bcrypt.node`, { linkage: 'fail' }),
    isSpared: false,
  },
  {
    name: 'a package for another C library next to that for this one',
    others: [
      musl,
      file('/app/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node', {
        libc: 'musl',
      }),
    ],
    file: file('/app/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node', {
      linkage: 'fail',
    }),
    isSpared: true,
  },
  {
    name: 'a program that is started, whatever lies next to it',
    others: [glibc, file('/opt/tool/linux-x64/tool', { kind: 'executable' })],
    file: file('/opt/tool/linux-arm/tool', {
      kind: 'executable',
      machine: 'arm',
      isStarted: true,
    }),
    isSpared: false,
  },
  {
    name: 'an object that node-gyp left',
    others: [],
    file: file('/app/build/Release/obj.target/addon/src/a.o', { kind: 'object' }),
    isSpared: true,
  },
  {
    name: 'a library among the objects',
    others: [],
    file: file('/app/build/Release/obj.target/addon.node'),
    isSpared: false,
  },
];

describe('what is never loaded fails nothing, and is named once', () => {
  for (const { name, others, file: asked, isSpared } of cases) {
    it(`${isSpared ? 'never loaded' : 'judged'}: ${name}`, () => {
      const all = [...others, asked];
      const { binaries, problems } = spareNeverLoaded(all, loadersFor(all, true, null));
      const found = binaries.find(({ path }) => path === asked.path);
      const relro = found?.verdicts.find(({ rule }) => rule === 'relro');
      assert.equal(relro?.outcome, isSpared ? 'not-applicable' : 'fail');
      assert.equal(found?.verdicts.find(({ rule }) => rule === 'pie')?.outcome, 'pass');
      assert.equal(problems.length, isSpared ? 1 : 0);
      assert.ok(problems.every(({ kind }) => kind === 'notice'));
    });
  }

  it('a folder of which nothing is loaded is named in the place of its files', () => {
    const folder = `${prebuilds}/linux-arm`;
    const all = [
      glibc,
      fitting,
      ...['a', 'b'].map((name) =>
        file(`${folder}/bcrypt.armv${name === 'a' ? 6 : 7}.node`, { machine: 'arm' }),
      ),
    ];
    const { problems } = spareNeverLoaded(all, loadersFor(all, true, null));
    assert.deepEqual(
      problems.map(({ where }) => where),
      [folder],
    );
    assert.match(
      problems[0]?.message ?? '',
      /^its 2 files are never loaded here: leave the folder out/,
    );
  });
});

/** A tree of programs of two machines that brings the loader of one of them along. */
const tree = (prefix: string, given: Given = {}): readonly BinaryReport[] => [
  file(`${prefix}/linux-x64/ld-linux-x86-64.so.2`, { kind: 'loader', ...given }),
  file(`${prefix}/linux-x64/bin/tool`, { kind: 'executable', ...given }),
  file(`${prefix}/linux-arm64/bin/tool`, { kind: 'executable', machine: 'aarch64', ...given }),
];

const placed: readonly {
  readonly name: string;
  readonly binaries: readonly BinaryReport[];
  readonly isSpared: boolean;
}[] = [
  { name: 'in a root', binaries: tree('/opt'), isSpared: true },
  { name: 'in a folder', binaries: tree('/dist', { isOutside: true }), isSpared: false },
  {
    name: 'in a package in a root, whose files the loaders of the root load',
    binaries: [glibc, ...tree('/srv/a.zip!/dist', { isOutside: true })],
    isSpared: true,
  },
  {
    name: 'in one of the parts of a package in a root',
    binaries: [glibc, ...tree('/srv/a.zip!part!/dist', { isOutside: true })],
    isSpared: true,
  },
  {
    name: 'in a package in a root that has no loader',
    binaries: [file('/bin/a'), ...tree('/srv/a.zip!/dist', { isOutside: true })],
    isSpared: false,
  },
  {
    name: 'in a package in a folder',
    binaries: tree('/srv/a.zip!/dist', { isOutside: true }),
    isSpared: false,
  },
  {
    name: 'in a root in a package in a folder',
    binaries: tree('/srv/a.zip!/dist'),
    isSpared: true,
  },
];

describe('a loader that is brought along', () => {
  for (const { name, binaries, isSpared } of placed) {
    it(`${isSpared ? 'spares' : 'spares nothing'}: ${name}`, () => {
      const arm = binaries.length - 1;
      const relro = spareAgain(binaries, binaries)[arm]?.verdicts.find(
        ({ rule }) => rule === 'relro',
      );
      assert.equal(relro?.outcome, isSpared ? 'not-applicable' : 'fail');
    });
  }
});
