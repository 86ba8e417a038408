import { execFileSync } from 'node:child_process';

/** What binutils say of a program with symbols: no code of hullcheck has a part in it. */
export interface Disassembled {
  /** Addresses of all functions, ascending. */
  readonly functions: readonly bigint[];
  readonly names: ReadonlyMap<bigint, string>;
  /** Those that load the guard of the stack protector, be it to store it or to compare, and do more than set it. */
  readonly guarded: ReadonlySet<bigint>;
}

/** Reports for each instruction of one function, given in order, what it does with the guard. */
type GuardDetector = (instruction: string) => 'loads' | 'sets' | null;

const prefixes: Readonly<Record<string, string>> = { x86_64: '', aarch64: 'aarch64-linux-gnu-' };

export function disassemble(path: string, machine: string): Disassembled {
  const prefix = prefixes[machine];
  if (prefix === undefined) throw new Error(`machine ${machine}, expected x86_64 or aarch64`);
  const run = (tool: string, ...words: string[]) =>
    execFileSync(`${prefix}${tool}`, [...words, path], { encoding: 'latin1', maxBuffer: 2 ** 30 });
  const places = machine === 'x86_64' ? null : guardPlaces(run);
  return readDisassembly(run('objdump', '-d', '--no-show-raw-insn'), places);
}

/** A call, or the jump with which gcc may end a function. */
const failure = /^(?:b|bl|call|j\w+)\s.*<__stack_chk_fail/;

/** Of `objdump -d --no-show-raw-insn`; without places the guard is in the thread control block, as on x86-64. */
export function readDisassembly(text: string, places: GuardPlaces | null): Disassembled {
  const newDetector = () => (places === null ? accessOfThreadBlock : accessThrough(places));
  const names = new Map<bigint, string>();
  const loading = new Set<bigint>();
  const setting = new Set<bigint>();
  const failing = new Set<bigint>();
  let current = 0n;
  let access = newDetector();
  for (const line of text.split('\n')) {
    const head = /^([0-9a-f]{8,16}) <(.+)>:$/.exec(line);
    if (head !== null) {
      current = BigInt(`0x${head[1]}`);
      names.set(current, head[2] ?? '');
      access = newDetector();
      continue;
    }
    const instruction = line.slice(line.indexOf('\t') + 1);
    if (failure.test(instruction)) failing.add(current);
    const how = access(instruction);
    if (how === 'loads') loading.add(current);
    if (how === 'sets') setting.add(current);
  }
  const functions = [...names.keys()].sort((a, b) => (a < b ? -1 : 1));
  const guarded = [...loading].filter((at) => failing.has(at) || !setting.has(at));
  return { functions, names, guarded: new Set(guarded) };
}

/** `mov %fs:0x28,%rax`, `sub %fs:0x28,%rax`: a source operand. libc's start code has it as the destination. */
function accessOfThreadBlock(instruction: string): ReturnType<GuardDetector> {
  if (instruction.includes('%fs:0x28,')) return 'loads';
  return instruction.includes(',%fs:0x28') ? 'sets' : null;
}

export interface GuardPlaces {
  /** Address of `__stack_chk_guard`; null where another file has it. */
  readonly guard: bigint | null;
  /** Addresses of words that hold that address. */
  readonly slots: ReadonlySet<bigint>;
}

/** The guard of another file: an address that no program has. */
const elsewhere = 1n << 64n;

const step = /^(adrp|add|ldr|str)\t(x\d+), \[?(x\d+|[0-9a-f]+)(?:, #(0x[0-9a-f]+|\d+))?\]?(?:\s|$)/;

/** Follows `adrp`, `add` and `ldr` to the guard's address, and reports when a word is loaded from or stored there. */
function accessThrough({ guard, slots }: GuardPlaces): GuardDetector {
  const target = guard ?? elsewhere;
  const registers = new Map<string, bigint>();
  return (instruction) => {
    const [, operation, operand = '', base = '', offset = '0'] = step.exec(instruction) ?? [];
    if (operation === undefined) return null;
    const from = operation === 'adrp' ? BigInt(`0x${base}`) : registers.get(base);
    const place = from === undefined ? undefined : from + BigInt(offset);
    if (operation === 'str') return place === target ? 'sets' : null;
    registers.delete(operand);
    if (place === undefined) return null;
    if (operation !== 'ldr') registers.set(operand, place);
    else if (slots.has(place)) registers.set(operand, target);
    return operation === 'ldr' && place === target ? 'loads' : null;
  };
}

/** Slots are filled by the dynamic linker, as relocations say, or by the static one. */
function guardPlaces(run: (tool: string, ...words: string[]) => string): GuardPlaces {
  const symbol = /^([0-9a-f]+) [^U] __stack_chk_guard$/m.exec(run('nm'));
  const guard = symbol === null ? null : BigInt(`0x${symbol[1]}`);
  const filled = guard === null ? [] : slotsHolding(guard, run('objdump', '-s', '-j', '.got'));
  const relocated = [...run('readelf', '-rW').matchAll(/^([0-9a-f]+) .* __stack_chk_guard/gm)];
  return { guard, slots: new Set([...filled, ...relocated.map((slot) => BigInt(`0x${slot[1]}`))]) };
}

/** Lines of `objdump -s`: an address, then four groups of eight digits, in the order of the file. */
function* slotsHolding(address: bigint, dump: string): Generator<bigint> {
  for (const line of dump.matchAll(/^ ([0-9a-f]+) ((?:[0-9a-f]{8} ){2,4})/gm)) {
    const bytes = Buffer.from((line[2] ?? '').replaceAll(' ', ''), 'hex');
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      if (bytes.readBigUInt64LE(at) === address) yield BigInt(`0x${line[1]}`) + BigInt(at);
    }
  }
}
