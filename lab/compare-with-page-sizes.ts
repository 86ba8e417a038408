// Developer's script: compares what programs did on a kernel with pages of another size, as start-on-arm64.sh wrote it down, with what
// hullcheck says of these programs for that page size: whether each starts (page-size), and how many of its slots of functions and
// whether its dynamic section could be written while it ran (relro). Usage: compare-with-page-sizes.js FOLDER [FLAVOUR].
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readElf } from '../src/elf/read-elf.ts';
import { bytesOf } from '../src/elf/reading/bytes.ts';
import pageSizes from '../src/facts/page-sizes.ts';
import relro from '../src/facts/relro.ts';

/** What is true of a program with pages of one size; null: not known, or not applicable. */
interface Behaviour {
  readonly starts: boolean | null;
  /** Slots that can be written; null: not known. */
  readonly open: number | null;
  readonly dynamicWritable: boolean | null;
}

/** Of the log of one kernel: its page size, and what each program did. */
function readLog(log: string): { page: number; seen: ReadonlyMap<string, Behaviour> } {
  let page = 0;
  const seen = new Map<string, Behaviour>();
  const slots = new Map<string, readonly [open: number, dynamic: boolean | null]>();
  for (const line of log.split('\n')) {
    const [, name = '', what = '', rest = ''] = /^RESULT (\S+) (\S+) ?(.*)$/.exec(line) ?? [];
    if (name === 'page') page = Number(what);
    const counted = /^(\d+) of \d+ writable, dynamic (\S+)/.exec(rest);
    if (what === 'slots' && counted !== null) {
      const dynamic = counted[2] === 'none' ? null : counted[2] === 'writable';
      slots.set(name, [Number(counted[1]), dynamic]);
    }
    if (what !== 'exit' && what !== 'signal') continue;
    const [open = null, dynamicWritable = null] = slots.get(name) ?? [];
    seen.set(name, { starts: what === 'exit' && rest === '0', open, dynamicWritable });
  }
  return { page, seen };
}

function predict(file: string, page: number): Behaviour {
  const elf = readElf(bytesOf(readFileSync(file)));
  const { sizes, allocator } = pageSizes(elf);
  const own = sizes.find(({ size }) => size === page);
  const largest = allocator?.largest ?? null;
  const isRefused =
    own?.segments === 'misaligned' ||
    own?.isUnprotectable === true ||
    (largest !== null && largest < page);
  const starts = isRefused ? false : own?.segments === 'shared' ? null : true;
  return { starts, ...protection(relro(elf), page) };
}

function protection(
  { state, open, covered, leftOut, largerPages }: ReturnType<typeof relro>,
  page: number,
): Pick<Behaviour, 'open' | 'dynamicWritable'> {
  if (state === 'none') return { open: open + covered, dynamicWritable: true };
  // What larger pages take away of a part is not said.
  if (state !== 'full') return { open: page === 4096 ? open : null, dynamicWritable: null };
  const loss = largerPages.find(({ size }) => size === page);
  return { open: loss?.open ?? 0, dynamicWritable: (loss?.leftOut ?? leftOut) === 'DYNAMIC' };
}

const differs = (said: unknown, real: unknown) => said !== null && real !== null && said !== real;

function main(): void {
  const [folder = '.', flavour = 'arm64-16k'] = process.argv.slice(2);
  const { page, seen } = readLog(readFileSync(join(folder, `${flavour}.log`), 'utf8'));
  const counts = { agree: 0, undecided: 0, differ: 0 };
  for (const [name, real] of seen) {
    const said = predict(join(folder, 't', name), page);
    const isWrong =
      differs(said.starts, real.starts) ||
      (real.starts === true && differs(said.open, real.open)) ||
      (real.starts === true && differs(said.dynamicWritable, real.dynamicWritable));
    const outcome = isWrong ? 'differ' : said.starts === null ? 'undecided' : 'agree';
    counts[outcome] += 1;
    if (outcome !== 'agree') {
      console.info(
        `${outcome} ${name}: said ${JSON.stringify(said)}, real ${JSON.stringify(real)}`,
      );
    }
  }
  const { agree, undecided, differ } = counts;
  console.info(
    `${seen.size} programs with pages of ${page} bytes: ${agree} agree, ${undecided} undecided, ${differ} differ`,
  );
  process.exitCode = differ === 0 && seen.size > 0 ? 0 : 1;
}

main();
