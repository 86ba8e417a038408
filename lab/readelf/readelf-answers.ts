import { spawnSync } from 'node:child_process';

type Answers = Map<string, string[]>;

/** What GNU readelf says of each file, by file: lines by field name. */
export function readelfAnswers(files: readonly string[]): ReadonlyMap<string, Answers> {
  const options = ['-W', '-h', '-l', '-d', '--dyn-syms'];
  const run = spawnSync('readelf', [...options, ...files, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1024 ** 3,
  });
  if (run.error !== undefined) throw run.error;
  const answers = new Map<string, Answers>();
  let current: Answers = new Map();
  for (const line of run.stdout.split('\n')) {
    const file = /^File: (.*)$/.exec(line)?.[1];
    if (file !== undefined) {
      current = new Map();
      answers.set(file, current);
      continue;
    }
    for (const [field, pattern, text] of patterns) {
      const found = pattern.exec(line);
      if (found === null) continue;
      for (const value of text(found)) add(current, field, value);
      break;
    }
  }
  return answers;
}

type Pattern = readonly [
  field: string,
  pattern: RegExp,
  values: (found: RegExpExecArray) => readonly string[],
];

const first = (found: RegExpExecArray): readonly string[] => [found[1] ?? ''];
const words = (found: RegExpExecArray): readonly string[] =>
  (found[1] ?? '').split(' ').filter((word) => word !== '');

const patterns: readonly Pattern[] = [
  ['class', /^ {2}Class: +(\S+)/, first],
  ['byte order', /^ {2}Data: .*, (.*)$/, first],
  ['type', /^ {2}Type: +(\w+)/, first],
  ['machine', /^ {2}Machine: +(.*)$/, first],
  ['entry', /^ {2}Entry point address: +(\S+)/, first],
  ['section count', /^ {2}Number of section headers: +(\d+)/, first],
  [
    'segments',
    /^ {2}(\S+) +0x(\w+) 0x(\w+) 0x(\w+) 0x(\w+) 0x(\w+) ([R ][W ][E ]) (?:0x)?(\w+)$/,
    segment,
  ],
  ['interpreter', /^ +\[Requesting program interpreter: (.*)\]$/, first],
  ['dynamic entries', /^Dynamic section at offset \w+ contains (\d+) entr/, first],
  ['NEEDED', /^ 0x\w+ \(NEEDED\) +Shared library: \[(.*)\]$/, first],
  ['SONAME', /^ 0x\w+ \(SONAME\) +Library soname: \[(.*)\]$/, first],
  ['RPATH', /^ 0x\w+ \(RPATH\) +Library rpath: \[(.*)\]$/, first],
  ['RUNPATH', /^ 0x\w+ \(RUNPATH\) +Library runpath: \[(.*)\]$/, first],
  ['FLAGS', /^ 0x\w+ \(FLAGS\) +(.*)$/, words],
  ['FLAGS_1', /^ 0x\w+ \(FLAGS_1\) +Flags: (?!None$)(.*)$/, words],
  // Index 0 is the null symbol of every table.
  [
    'undefined symbols',
    /^ *[1-9]\d*: \w+ +\w+ .* UND(?: (.*))?$/,
    (found) => [symbolName(found[1] ?? '')],
  ],
  [
    'defined symbols',
    /^ *[1-9]\d*: (\w+) +\w+ +(?!SECTION)(?:\S+|<.*>: \d+) +(?:\w+|<.*>: \d+) +[A-Z]+ +(?:\[.*\] +)?(?:\d+|ABS|COM)(?: (.*))?$/,
    (found) => [`${symbolName(found[2] ?? '')} value ${hexadecimal(found[1] ?? '')}`],
  ],
];

function segment(found: RegExpExecArray): readonly string[] {
  const [, type, offset, address, physical, fileSize, memorySize, flags, alignment] = found;
  const letters = (flags ?? '').replaceAll(' ', '');
  const numbers = [offset, address, physical, fileSize, memorySize, alignment];
  const text = numbers.map((digits) => hexadecimal(digits ?? ''));
  return [`${type} ${letters === '' ? 'none' : letters} ${text.join(' ')}`];
}

function hexadecimal(digits: string): string {
  return `0x${BigInt(`0x${digits}`).toString(16)}`;
}

/** `stat@@GLIBC_2.33` and `stat@GLIBC_2.33 (4)` are both `stat@GLIBC_2.33` here. */
function symbolName(text: string): string {
  return text.replace(/ \(\d+\)$/, '').replace('@@', '@');
}

function add(answers: Answers, field: string, value: string): void {
  const values = answers.get(field);
  if (values === undefined) answers.set(field, [value]);
  else values.push(value);
}
