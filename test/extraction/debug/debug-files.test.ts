import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.ts';
import { plainPolicy } from '../../../src/policy/policy.ts';
import type { JudgedVerdict } from '../../../src/report/report.ts';
import { scan } from '../../../src/scan/scan.ts';
import { plainInput } from '../../../src/scan/scan-options.ts';
import {
  placeByBuildId,
  placed,
  type SplitProgram,
  splitProgram,
} from '../../support/elf/split-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-debug-files-'));
after(() => rmSync(folder, { recursive: true }));
const judging = { rules, policy: plainPolicy() };
let program: SplitProgram;
let withoutId: SplitProgram;
let dynamic: SplitProgram;

before(() => {
  program = splitProgram(join(folder, 'static'));
  withoutId = splitProgram(
    join(folder, 'noid'),
    '-static -g -O2 -fno-stack-protector -Wl,--build-id=none',
  );
  dynamic = splitProgram(
    join(folder, 'dynamic'),
    '-pie -g -O2 -fno-stack-protector -Wl,--build-id=sha1',
  );
});

async function judged(file: string, debugFolders?: readonly string[]) {
  const input = { ...plainInput, debugFolders };
  const { targets } = await scan([file], { input, judging, running: { jobs: 1 } });
  const [target] = targets;
  const verdicts = target?.binaries[0]?.verdicts ?? [];
  const notices = target?.problems.map(({ kind, message }) => `${kind}: ${message}`) ?? [];
  return { verdicts: new Map(verdicts.map((each) => [each.rule, each])), notices };
}

/** Of a program whose debug file was never there, all rules but that of debug information itself. */
function outcomes(verdicts: ReadonlyMap<string, JudgedVerdict>): Record<string, string> {
  const those = [...verdicts].filter(([rule]) => rule !== 'no-debug-leak');
  return Object.fromEntries(those.map(([rule, { outcome }]) => [rule, outcome]));
}

let made = 0;
/** A folder with one debug file. */
function debugFolder(file: string, place: string): string {
  const root = join(folder, `debug-${made++}`);
  placed(file, join(root, place));
  return root;
}

describe('a debug file decides what the stripped program does not show', () => {
  it('is undecided without one', async () => {
    const { verdicts } = await judged(program.stripped);
    for (const rule of ['compiler-flags', 'fortify-source', 'no-dangerous-imports'])
      assert.equal(verdicts.get(rule)?.outcome, 'unknown', rule);
  });

  const layouts: readonly (readonly [name: string, place: (id: string) => string])[] = [
    ['a package of Debian', placeByBuildId],
    ['a cache of debuginfod', (id) => `${id}/debuginfo`],
    ['a symbol server', (id) => `buildid/${id}/debuginfo`],
    ['a package of Alpine, by its link', () => 'usr/lib/debug/usr/bin/program.debug'],
  ];
  for (const [name, place] of layouts)
    it(`as the whole program is judged: ${name}`, async () => {
      const root = debugFolder(program.debug, place(program.buildId));
      const { verdicts, notices } = await judged(program.stripped, [root]);
      assert.deepEqual(notices, []);
      assert.deepEqual(outcomes(verdicts), outcomes((await judged(program.whole)).verdicts));
      const fortify = verdicts.get('fortify-source');
      assert.deepEqual(fortify?.decidedBy, {
        debugFile: place(program.buildId),
        otherwise:
          'a static file does not show by names what its own code, other than its C library, calls',
      });
      assert.equal(fortify?.evidence.at(-1)?.what, 'separate debug file');
    });

  it('by a link in the folder, as packages of Fedora have it', async () => {
    const root = debugFolder(program.debug, 'usr/lib/debug/usr/bin/other-name.debug');
    const link = join(root, placeByBuildId(program.buildId));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync('../../usr/bin/other-name.debug', link);
    const { verdicts } = await judged(program.stripped, [root]);
    assert.equal(verdicts.get('fortify-source')?.outcome, 'pass');
  });

  it('of a program without a build ID, by name and CRC', async () => {
    const root = debugFolder(withoutId.debug, 'program.debug');
    const { verdicts } = await judged(withoutId.stripped, [root]);
    assert.deepEqual(outcomes(verdicts), outcomes((await judged(withoutId.whole)).verdicts));
    assert.equal(verdicts.get('compiler-flags')?.outcome, 'fail');
  });

  it('after eu-strip, which moves what it strips', async () => {
    const place = join(folder, 'eu');
    mkdirSync(place);
    const command = ['-f', 'eu.debug', '-o', 'stripped', program.whole];
    execFileSync('eu-strip', command, { cwd: place });
    const root = debugFolder(join(place, 'eu.debug'), placeByBuildId(program.buildId));
    const { verdicts, notices } = await judged(join(place, 'stripped'), [root]);
    assert.deepEqual(notices, []);
    assert.equal(verdicts.get('fortify-source')?.outcome, 'pass');
  });

  it('where dwz moved strings to a second file', async () => {
    const root = join(folder, 'dwz');
    for (const each of [dynamic, program]) placed(each.whole, join(root, 'whole', each.buildId));
    const files = [dynamic, program].map(({ buildId }) => join('whole', buildId));
    execFileSync('dwz', ['-m', 'usr-lib-debug-.dwz-common.debug', ...files], { cwd: root });
    for (const { buildId } of [dynamic, program]) {
      const place = join(root, placeByBuildId(buildId));
      mkdirSync(dirname(place), { recursive: true });
      execFileSync('objcopy', ['--only-keep-debug', join(root, 'whole', buildId), place]);
    }
    rmSync(join(root, 'whole'), { recursive: true });
    const { verdicts } = await judged(dynamic.stripped, [root]);
    assert.equal(verdicts.get('compiler-flags')?.outcome, 'fail');
    assert.match(verdicts.get('compiler-flags')?.message ?? '', /-fno-stack-protector/);
  });
});

describe('units that gcc -gsplit-dwarf left in other files', () => {
  for (const version of ['4', '5']) {
    const build = (name: string) => {
      const flags = `-O2 -fno-stack-protector -gdwarf-${version} -gsplit-dwarf -Wl,--build-id=sha1`;
      return splitProgram(join(folder, `dwo-${version}-${name}`), flags);
    };
    const dwoOf = ({ whole }: SplitProgram) => join(dirname(whole), 'whole-program.dwo');

    it(`say the options of a whole and of a stripped program (DWARF ${version})`, async () => {
      const built = build('right');
      const root = debugFolder(dwoOf(built), 'any/whole-program.dwo');
      assert.equal((await judged(built.whole)).verdicts.get('compiler-flags')?.outcome, 'unknown');
      const { verdicts } = await judged(built.whole, [root]);
      assert.match(verdicts.get('compiler-flags')?.message ?? '', /-fno-stack-protector/);
      placed(built.debug, join(root, placeByBuildId(built.buildId)));
      const stripped = await judged(built.stripped, [root]);
      assert.match(stripped.verdicts.get('compiler-flags')?.message ?? '', /-fno-stack-protector/);
    });

    it(`are none of another build (DWARF ${version})`, async () => {
      const built = build('one');
      const bytes = readFileSync(dwoOf(built));
      for (let at = 64; at < 96; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x11;
      const file = join(folder, `other-${version}.dwo`);
      writeFileSync(file, bytes);
      const root = debugFolder(file, 'whole-program.dwo');
      const { verdicts } = await judged(built.whole, [root]);
      assert.equal(verdicts.get('compiler-flags')?.outcome, 'unknown');
    });
  }
});

describe('a debug file that does not match is said, and decides nothing', () => {
  const id = (text: string) => text.slice(0, 6);
  interface Wrong {
    readonly name: string;
    /** Of what folder, for which program. */
    readonly make: () => readonly [folder: string, program: SplitProgram];
    readonly says: RegExp;
  }
  const edited = (from: SplitProgram, edit: (bytes: Buffer) => void): string => {
    const file = join(folder, `edited-${made++}`);
    const bytes = readFileSync(from.debug);
    edit(bytes);
    writeFileSync(file, bytes);
    return file;
  };
  /** The header of a section, by its name, in a little-endian file of 64 bits. */
  const sectionAt = (bytes: Buffer, name: string): number => {
    const [start, count, names] = [
      Number(bytes.readBigUInt64LE(40)),
      bytes.readUInt16LE(60),
      bytes.readUInt16LE(62),
    ];
    const texts = Number(bytes.readBigUInt64LE(start + names * 64 + 24));
    for (let at = start; at < start + count * 64; at += 64) {
      const text = texts + bytes.readUInt32LE(at);
      if (bytes.toString('latin1', text, bytes.indexOf(0, text)) === name) return at;
    }
    throw new TypeError(`no section ${name}`);
  };
  const wrongs: readonly Wrong[] = [
    {
      name: 'another build ID',
      make: () => [debugFolder(dynamic.debug, placeByBuildId(program.buildId)), program],
      says: /its build ID is [0-9a-f]{40}, and that of the program [0-9a-f]{40}$/,
    },
    {
      name: 'no build ID, where that was how to find it',
      make: () => [debugFolder(withoutId.debug, placeByBuildId(program.buildId)), program],
      says: /it has no build ID$/,
    },
    {
      name: 'another CRC',
      make: () => {
        const file = edited(withoutId, (bytes) => bytes.writeUInt8(1, bytes.length - 1));
        return [debugFolder(file, 'program.debug'), withoutId];
      },
      says: /its CRC is [0-9a-f]{8}, and \.gnu_debuglink of the program expects [0-9a-f]{8}$/,
    },
    {
      name: 'a section at another address',
      make: () => {
        const file = edited(program, (bytes) => {
          const at = sectionAt(bytes, '.text') + 16;
          bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) + 16n, at);
        });
        return [debugFolder(file, placeByBuildId(program.buildId)), program];
      },
      says: /the program has no section \.text of 0x/,
    },
    {
      name: 'code of its own in the place of data',
      make: () => {
        const file = edited(program, (bytes) => {
          const at = sectionAt(bytes, '.rodata') + 8;
          bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) | 4n, at);
        });
        return [debugFolder(file, placeByBuildId(program.buildId)), program];
      },
      says: /the program has no section \.rodata of 0x/,
    },
    {
      name: 'another entry point',
      make: () => {
        const file = edited(program, (bytes) => bytes.writeBigUInt64LE(1n, 24));
        return [debugFolder(file, placeByBuildId(program.buildId)), program];
      },
      says: /its header says entry 0x1, and that of the program 0x/,
    },
    {
      name: 'no ELF file',
      make: () => {
        const file = edited(program, (bytes) => bytes.fill(0x20));
        return [debugFolder(file, placeByBuildId(program.buildId)), program];
      },
      says: /is not used: /,
    },
    {
      name: 'a link out of the folder',
      make: () => {
        const root = join(folder, `debug-${made++}`);
        const link = join(root, placeByBuildId(program.buildId));
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(program.debug, link);
        return [root, program];
      },
      says: /it is a link out of the folder of debug files$/,
    },
  ];
  for (const { name, make, says } of wrongs)
    it(name, async () => {
      const [root, { stripped }] = make();
      const { verdicts, notices } = await judged(stripped, [root]);
      assert.equal(notices.length, 1, id(stripped));
      assert.match(notices[0] ?? '', /^notice: the debug file .* is not used: /);
      assert.match(notices[0] ?? '', says);
      assert.deepEqual(outcomes(verdicts), outcomes((await judged(stripped)).verdicts));
    });

  it('the next of several that does match is used', async () => {
    const bad = debugFolder(dynamic.debug, placeByBuildId(program.buildId));
    const good = debugFolder(program.debug, placeByBuildId(program.buildId));
    const { verdicts, notices } = await judged(program.stripped, [bad, good]);
    assert.equal(verdicts.get('fortify-source')?.outcome, 'pass');
    assert.deepEqual(notices, []);
  });

  it('a folder that is not there is a usage error', async () => {
    await assert.rejects(
      () => judged(program.stripped, [join(folder, 'nowhere')]),
      /nowhere: no such file/,
    );
    await assert.rejects(() => judged(program.stripped, [program.debug]), /is not a folder/);
  });
});

describe('a debug file that lies', () => {
  it('changes no verdict that the program decides', async () => {
    const place = join(folder, 'lies');
    mkdirSync(place);
    // Every name of its symbols is that of a function with checks.
    const bytes = readFileSync(dynamic.debug);
    for (const [name, other] of [
      ['sprintf', '__chk_f'],
      ['main', 'mine'],
    ] as const)
      for (
        let at = bytes.indexOf(`\0${name}\0`);
        at >= 0;
        at = bytes.indexOf(`\0${name}\0`, at + 1)
      )
        bytes.write(other, at + 1, 'latin1');
    const file = join(place, 'false.debug');
    writeFileSync(file, bytes);
    const root = debugFolder(file, placeByBuildId(dynamic.buildId));
    const without = await judged(dynamic.stripped);
    const { verdicts } = await judged(dynamic.stripped, [root]);
    for (const [rule, verdict] of without.verdicts)
      if (verdict.outcome !== 'unknown') assert.deepEqual(verdicts.get(rule), verdict, rule);
  });

  it('costs nothing but itself wherever it is cut', async () => {
    const bytes = readFileSync(program.debug);
    const without = outcomes((await judged(program.stripped)).verdicts);
    const copy = join(folder, 'cut.debug');
    copyFileSync(program.debug, copy);
    const root = debugFolder(copy, placeByBuildId(program.buildId));
    for (let part = 0; part < 12; part += 1) {
      const end = Math.floor((bytes.length * part) / 12);
      writeFileSync(join(root, placeByBuildId(program.buildId)), bytes.subarray(0, end));
      assert.deepEqual(
        outcomes((await judged(program.stripped, [root])).verdicts),
        without,
        `at ${end}`,
      );
    }
  });
});
