// Developer's script: what `runs-on` and `loadable` say of programs and what chroot makes of them, in the systems that it names.
// compare-with-named-systems.js FOLDER: FOLDER has roots by name, as lab/fetch-debian-root.sh makes them and Alpine's minirootfs
// holds them, and programs of lab/starting/build-for-releases.sh in `programs`. Programs are those, and some of each root and of this machine,
// with the libraries that are in the root they are started in. Needs Linux on x86-64 and root.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { RequiredSystem } from '../src/base/required-system.ts';
import { verdictsByName } from './plain-scan.ts';

/** What the roots of these names have. */
const systems: Readonly<Record<string, RequiredSystem>> = {
  'debian-bullseye': { glibc: '2.31', libstdcxx: '3.4.28' },
  'debian-bookworm': { glibc: '2.36', libstdcxx: '3.4.30' },
  'debian-trixie': { glibc: '2.41', libstdcxx: '3.4.33' },
  'alpine-3.10.9': { musl: '1.1.22' },
  'alpine-3.20.3': { musl: '1.2.5' },
};

/** Programs of this machine that are started, of each folder every so many. */
const mostOfHost = 60;

async function main(folder: string): Promise<void> {
  const roots = Object.keys(systems).filter((name) => existsSync(join(folder, name)));
  const programs = mkdtempSync(join(tmpdir(), 'named-systems-'));
  for (const [index, from] of programsFrom(folder, roots).entries())
    copyFileSync(from, join(programs, `${index}-${basename(from)}`));
  const counts = new Map<string, number>();
  let wrong = 0;
  for (const root of roots) {
    const inside = join(folder, root);
    const ofSystem = await verdictsByName(programs, 'runs-on', systems[root]);
    const ofRoot = await verdictsInside(programs, inside);
    for (const name of readdirSync(programs).toSorted()) {
      const started = start(join(programs, name), inside);
      for (const [rule, verdict] of [
        ['runs-on', ofSystem.get(name)],
        ['loadable', ofRoot.get(name)],
      ] as const) {
        const isOther = rule === 'runs-on' && started === 'lacks a library';
        if (verdict === undefined || isOther) continue;
        const { outcome, message } = verdict;
        const key = `${rule}: ${outcome}, ${started}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (outcome !== 'pass' && outcome !== 'fail') continue;
        if ((outcome === 'pass') === (started === 'starts')) continue;
        wrong += 1;
        console.info(`DIFFERS  ${root}: ${name} ${started}; ${rule} ${outcome}: ${message}`);
      }
    }
  }
  rmSync(programs, { recursive: true });
  for (const [key, count] of [...counts].toSorted()) console.info(`${count}  ${key}`);
  console.info(`${wrong} differ`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

/** Of `loadable`, with all programs in a folder of the root. */
async function verdictsInside(programs: string, root: string) {
  const place = join(root, 'tmp/programs');
  cpSync(programs, place, { recursive: true });
  const verdicts = await verdictsByName(root, 'loadable');
  rmSync(place, { recursive: true });
  return verdicts;
}

function programsFrom(folder: string, roots: readonly string[]): readonly string[] {
  const host = filesIn('/usr/bin');
  const step = Math.max(1, Math.floor(host.length / mostOfHost));
  const places = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];
  const ofRoots = roots.flatMap((root) =>
    places.flatMap((place) => filesIn(join(folder, root, place))),
  );
  const built = filesIn(join(folder, 'programs'));
  return [...built, ...host.filter((_, index) => index % step === 0), ...new Set(ofRoots)];
}

/** Regular files, links left out. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(folder, entry.name)).size < 20_000_000)
    .map(({ name }) => join(folder, name));
}

type Started = 'starts' | 'dies' | 'finds no loader' | 'lacks a library';

/** `lacks a library`: which `runs-on` is not about. */
function start(program: string, root: string): Started {
  const inside = join(root, 'tmp/program');
  copyFileSync(program, inside);
  const { error, status, signal, stderr } = spawnSync(
    'chroot',
    [root, '/tmp/program', '--version'],
    {
      timeout: 5000,
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LD_BIND_NOW: '1' },
      input: '',
    },
  );
  rmSync(inside);
  // It runs until it is stopped.
  if (error !== undefined) return 'starts';
  if (signal !== null) return 'dies';
  if (/version `\S+' not found|Error relocating|symbol not found|DT_RELR without/.test(stderr))
    return 'dies';
  if (/cannot open shared object|Error loading shared library/.test(stderr))
    return 'lacks a library';
  return status === 127 && /No such file/.test(stderr) ? 'finds no loader' : 'starts';
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: compare-with-named-systems.js FOLDER');
await main(folder);
