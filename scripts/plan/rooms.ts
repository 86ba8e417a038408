import type { ImportGraph } from './import-graph.ts';

/** What each room is for. A room is a folder of src/; rules/ is one too, and so is the entry of the library, src/index.ts. */
export const purposes: Readonly<Record<string, string>> = {
  cli: 'from arguments to an exit code; the only room that touches the process',
  action: 'the step of a workflow of GitHub: from its inputs to the program',
  commands: 'one file for each command',
  index: 'the library, by name',
  library: 'what programs call: scan, render, compare, read configurations and ELF files',
  audit: 'who accepted what, in saved reports',
  diff: 'compares two reports',
  scan: 'the whole way of an image, on one screen',
  plugins: 'rules of users, each plug-in on a thread of its own',
  rules: 'one file for each rule',
  reporters: 'one file for each format of a report',
  policy: 'levels, waivers, baseline and gate',
  judge: 'what a rule is, and asking the rules',
  identity: 'which binary of one report is which of another, whatever version its path has',
  'saved-report': 'reads a report back',
  report: 'a report as plain data',
  'layer-threads': 'walks each layer on a thread of its own',
  cache: 'what earlier runs found out',
  root: 'what only a root filesystem shows',
  layers: 'one catalog for each layer, and the root that they make together',
  extraction: 'the facts of each ELF file, on threads',
  sources: 'one file for each way that an image arrives',
  facts: 'one file for each fact of an ELF file',
  filesystems: 'images of file systems and disks',
  code: 'machine code',
  archive: 'tar, zip, cpio and compressed streams',
  elf: 'the tables of an ELF file',
  unread: 'formats that are recognised and not read',
  shapes: 'one validator for configurations and documents of JSON',
  upload: "GitHub's code scanning API",
  'byte-scan': 'finds byte patterns, in WebAssembly',
  base: 'errors, limits, text, verdicts: what every room may use',
};

/** `src/layers/squash.ts` is in the room `layers`. */
export function roomOf(file: string): string {
  const [top = '', room = ''] = file.split('/');
  return top === 'src' ? room.replace(/\.ts$/, '') : top;
}

/** One room uses another: which of its files import which. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly imports: readonly (readonly [file: string, target: string])[];
}

/** Sorted by rooms. */
export function arrowsIn(graph: ImportGraph): readonly Arrow[] {
  const arrows = new Map<string, { from: string; to: string; imports: [string, string][] }>();
  for (const [file, targets] of graph) {
    for (const target of targets) {
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === to) continue;
      const arrow = arrows.get(`${from} ${to}`) ?? { from, to, imports: [] };
      arrow.imports.push([file, target]);
      arrows.set(`${from} ${to}`, arrow);
    }
  }
  return [...arrows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrow]) => arrow);
}

/** Rooms by the rooms that they use, sorted. */
export function usesOf(arrows: readonly Arrow[]): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const { from, to } of arrows) {
    uses.set(from, [...(uses.get(from) ?? []), to]);
    if (!uses.has(to)) uses.set(to, []);
  }
  return uses;
}

/** Rooms of each floor, the lowest first: a room lies one above the highest that it uses. Without circles. */
export function floorsOf(uses: ReadonlyMap<string, readonly string[]>): readonly string[][] {
  const known = new Map<string, number>();
  const floorOf = (room: string): number => {
    const floor = known.get(room) ?? Math.max(-1, ...(uses.get(room) ?? []).map(floorOf)) + 1;
    known.set(room, floor);
    return floor;
  };
  const floors: string[][] = [];
  for (const room of [...uses.keys()].sort()) {
    const floor = floorOf(room);
    while (floors.length <= floor) floors.push([]);
    floors[floor]?.push(room);
  }
  return floors;
}
