// Developer's script: 50 wheels and 55 addons, as published, opened in real Python and Node.js on Debian and by the real
// loaders of Alpine, compared with what the rule `loadable` predicts. Needs root, Linux on x86-64, gcc, musl-gcc, nm, pip,
// npm, Debian's python3.11, and Alpine's archives in ../shared/corpus. The first run downloads a gigabyte into FOLDER.
// usage: compare-with-imports.js FOLDER [PACKAGES]   (PACKAGES: `wheels for glibc`, `addons for musl` ...)
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  fetchAddons,
  fetchWheels,
  type Libc,
  unpackAddons,
  unpackWheels,
} from './imports/fetch-packages.ts';
import { alpineArchives, fillAlpine, fillFromHere } from './imports/import-roots.ts';
import { openByNode, openByPython, openIn, type RealOpening } from './imports/open-really.ts';
import { buildOpener, namesOf } from './imports/opener.ts';
import { type PredictedOpening, predictOpenings } from './imports/predict-opening.ts';

const python = '/usr/bin/python3.11';
const node = process.execPath;
/** What opens libraries for Python's own code. */
const callsC = '/usr/lib/python3.11/lib-dynload/_ctypes.cpython-311-x86_64-linux-gnu.so';

interface Tally {
  readonly name: string;
  agree: number;
  falseFail: number;
  falsePass: number;
  otherTime: number;
  unknown: number;
  notApplicable: number;
}

function compare(
  name: string,
  predicted: readonly PredictedOpening[],
  real: ReadonlyMap<string, RealOpening>,
): Tally {
  const tally: Tally = {
    name,
    agree: 0,
    falseFail: 0,
    falsePass: 0,
    otherTime: 0,
    unknown: 0,
    notApplicable: 0,
  };
  for (const { path, opening, outcome, message } of predicted) {
    const truth = real.get(path);
    if (truth === undefined) continue;
    const how = judge(opening, outcome, truth);
    tally[how] += 1;
    if (how === 'agree' || how === 'notApplicable') continue;
    console.info(`${how}  ${name}: ${path}\n    predicted: ${message}\n    really: ${truth.said}`);
  }
  return tally;
}

function judge(
  opening: PredictedOpening['opening'],
  outcome: string,
  { opening: truth }: RealOpening,
): Exclude<keyof Tally, 'name'> {
  if (opening === null) return outcome === 'unknown' ? 'unknown' : 'notApplicable';
  if (opening === truth) return 'agree';
  if (opening === 'loads') return 'falsePass';
  return truth === 'loads' ? 'falseFail' : 'otherTime';
}

/** Extensions and addons; what else they bring is loaded with them. */
function opened(predicted: readonly PredictedOpening[]): string[] {
  return predicted
    .filter(({ message }) => !message.includes('is judged with'))
    .map(({ path }) => path);
}

interface Packages {
  readonly name: string;
  readonly unpack: (root: string) => void;
}

function packagesIn(folder: string): readonly Packages[] {
  const site = 'usr/lib/python3.11/site-packages';
  const wheelsOf = (libc: Libc) => ({
    name: `wheels for ${libc}`,
    unpack: (root: string) => unpackWheels(join(folder, libc), join(root, site)),
  });
  const addonsFor = (libc: Libc) => ({
    name: `addons for ${libc}`,
    unpack: (root: string) =>
      unpackAddons(join(folder, 'npm'), libc, join(root, 'app/node_modules')),
  });
  return [wheelsOf('glibc'), wheelsOf('musl'), addonsFor('glibc'), addonsFor('musl')];
}

/** Twice: with nothing in the host's place, and with a program that defines the host's names. */
async function compareOnAlpine(
  archive: string,
  packages: Packages,
  folder: string,
): Promise<Tally[]> {
  const release = /minirootfs-([\d.]+)/.exec(archive)?.[1];
  const root = freshRoot(folder);
  fillAlpine(archive, root);
  packages.unpack(root);
  const alone = await predictOpenings(root);
  const paths = opened(alone);
  const names = namesOf(
    [python, node],
    paths.map((path) => join(root, path)),
  );
  const opener = buildOpener(names, 'musl-gcc', join(folder, 'opener'));
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  for (const host of ['python3.11', 'node']) copyFileSync(opener, join(root, 'usr/bin', host));
  const hosted = await predictOpenings(root);
  const real = openIn(root, ['/usr/bin/node'], paths);
  const name = `Alpine ${release}, ${packages.name}`;
  return [compare(`${name}, no host`, alone, real), compare(`${name}, a host`, hosted, real)];
}

async function compareOnDebian(
  packages: Packages,
  folder: string,
  hasCxx: boolean,
): Promise<Tally[]> {
  const root = freshRoot(folder);
  const isNode = packages.name.startsWith('addons');
  fillFromHere(root, isNode ? [node] : [python, callsC], isNode ? [] : ['/usr/lib/python3.11']);
  const cxx = '/usr/lib/x86_64-linux-gnu/libstdc++.so.6';
  if (hasCxx && !isNode) fillFromHere(root, [cxx], []);
  packages.unpack(root);
  const predicted = await predictOpenings(root);
  const script = isNode ? [node, '-e', openByNode] : [python, '-c', openByPython];
  const real = openIn(root, script, opened(predicted));
  const what = hasCxx ? packages.name : `${packages.name}, without libstdc++`;
  return [compare(`Debian 12, ${what}`, predicted, real)];
}

function freshRoot(folder: string): string {
  const root = join(folder, 'root');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  return root;
}

async function main(folder: string, only: string | undefined): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('chroot needs root');
  if (!existsSync(python)) throw new Error(`${python} is not here: this compares with Debian 12`);
  fetchWheels(join(folder, 'glibc'), 'glibc');
  fetchWheels(join(folder, 'musl'), 'musl');
  fetchAddons(join(folder, 'npm'));
  const tallies: Tally[] = [];
  for (const packages of packagesIn(folder).filter(
    ({ name }) => only === undefined || name === only,
  )) {
    for (const archive of alpineArchives())
      tallies.push(...(await compareOnAlpine(archive, packages, folder)));
    tallies.push(...(await compareOnDebian(packages, folder, true)));
    if (packages.name !== 'addons')
      tallies.push(...(await compareOnDebian(packages, folder, false)));
  }
  console.table(tallies);
  const wrong = tallies.some(
    ({ falseFail, falsePass, otherTime }) => falseFail + falsePass + otherTime > 0,
  );
  const silent = tallies.filter(({ name: _, ...counts }) =>
    Object.values(counts).every((each) => each === 0),
  );
  for (const { name } of silent) console.info(`nothing was compared  ${name}`);
  process.exitCode = wrong || silent.length > 0 ? 1 : 0;
}

const [folder, only] = process.argv.slice(2);
if (import.meta.filename === process.argv[1]) {
  if (folder === undefined) throw new Error('usage: compare-with-imports.js FOLDER');
  await main(folder, only);
}
