import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What `readelf -W -h -l -S -d -r` prints of one file, as far as the layout rules rest on it. */
export interface ReadelfView {
  type: string;
  machine: string;
  entry: bigint;
  interpreter: string | null;
  readonly segments: ReadelfSegment[];
  readonly sections: ReadelfSection[];
  /** Tag names as printed, with what stands behind them: `FLAGS_1` -> `Flags: NOW PIE`. */
  readonly dynamic: { readonly tag: string; readonly text: string }[];
  /** JUMP_SLOT and IRELATIVE relocations. */
  readonly slots: { readonly table: string; readonly type: string; readonly offset: bigint }[];
  relocations: number;
}

interface ReadelfSegment {
  readonly type: string;
  readonly address: bigint;
  readonly memorySize: bigint;
  readonly flags: string;
}

interface ReadelfSection {
  readonly name: string;
  readonly type: string;
  readonly size: bigint;
  readonly flags: string;
}

/** One run of readelf over many files. Its output can be gigabytes of relocations, so it is read line by line. */
export async function readelfViews(
  files: readonly string[],
): Promise<ReadonlyMap<string, ReadelfView>> {
  // Without a second file readelf would not print names.
  const child = spawn('readelf', ['-W', '-h', '-l', '-S', '-d', '-r', ...files, '/dev/null'], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const views = new Map<string, ReadelfView>();
  let view = emptyView();
  let table = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('File: ')) {
      view = emptyView();
      views.set(line.slice('File: '.length), view);
    } else if (line.startsWith('Relocation section')) {
      table = /'([^']*)'/.exec(line)?.[1] ?? '';
    } else {
      readLine(line, table, view);
    }
  }
  return views;
}

function emptyView(): ReadelfView {
  return {
    type: '',
    machine: '',
    entry: 0n,
    interpreter: null,
    segments: [],
    sections: [],
    dynamic: [],
    slots: [],
    relocations: 0,
  };
}

type Reader = (match: RegExpExecArray, table: string, view: ReadelfView) => void;

/** The most frequent kind of line first. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^([0-9a-f]{8,16})\s+[0-9a-f]{8,16}\s+(R_\w+)/, addRelocation],
  [/^ 0x[0-9a-f]+ \((\w+)\)\s*(.*)$/, addDynamicEntry],
  [
    /^ {2}\[ *\d+\] (\S*)\s+(\S+)\s+[0-9a-f]{8,16} [0-9a-f]{6,} ([0-9a-f]{6,}) [0-9a-f]{2,} ([A-Za-z ]{3}) /,
    addSection,
  ],
  [
    /^ {2}(\w+)\s+0x[0-9a-f]+ 0x([0-9a-f]+) 0x[0-9a-f]+ 0x[0-9a-f]+ 0x([0-9a-f]+) ([R ][W ][E ])/,
    addSegment,
  ],
  [/^ {2}(Type|Machine|Entry point address):\s+(.*)$/, addHeader],
  [/^ {6}\[Requesting program interpreter: (.*)\]$/, addInterpreter],
];

function readLine(line: string, table: string, view: ReadelfView): void {
  for (const [pattern, read] of readers) {
    const match = pattern.exec(line);
    if (match === null) continue;
    read(match, table, view);
    return;
  }
}

function addRelocation(match: RegExpExecArray, table: string, view: ReadelfView): void {
  const [, offset = '0', type = ''] = match;
  if (type.endsWith('_NONE')) return;
  view.relocations += 1;
  if (!/_(JU?MP_SLO|IRELATIV)/.test(type)) return;
  view.slots.push({ table, type, offset: BigInt(`0x${offset}`) });
}

function addDynamicEntry(
  [, tag = '', text = '']: RegExpExecArray,
  _: string,
  view: ReadelfView,
): void {
  view.dynamic.push({ tag, text });
}

function addSection(match: RegExpExecArray, _: string, view: ReadelfView): void {
  const [, name = '', type = '', size = '0', flags = ''] = match;
  view.sections.push({ name, type, size: BigInt(`0x${size}`), flags: flags.trim() });
}

function addSegment(match: RegExpExecArray, _: string, view: ReadelfView): void {
  const [, type = '', address = '0', size = '0', flags = ''] = match;
  view.segments.push({
    type,
    address: BigInt(`0x${address}`),
    memorySize: BigInt(`0x${size}`),
    flags,
  });
}

function addHeader([, name, value = '']: RegExpExecArray, _: string, view: ReadelfView): void {
  if (name === 'Type') view.type = value.split(' ')[0] ?? '';
  else if (name === 'Machine') view.machine = value;
  else view.entry = BigInt(value);
}

function addInterpreter([, path = '']: RegExpExecArray, _: string, view: ReadelfView): void {
  view.interpreter = path;
}
