// Developer's script: what `runs-on` says of the processor and what qemu's user mode makes of a program on processors of that level.
// compare-with-processors.js FOLDER: FOLDER holds programs of lab/processor/build-programs.sh. Needs qemu-x86_64-static, whose emulation
// knows no AVX-512: level 4 is only asked of the rule.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProcessorLevel } from '../src/base/required-system.ts';
import { verdictsByName } from './plain-scan.ts';

/** Models of qemu that have a level, and nothing of the next one. */
const models: readonly (readonly [ProcessorLevel, string])[] = [
  ['x86-64-v1', 'qemu64,-sse3,-cx16'],
  ['x86-64-v2', 'Nehalem'],
  ['x86-64-v3', 'Haswell'],
];

/** Arguments that make a program work, by how its name begins. */
const work: readonly (readonly [string, readonly string[]])[] = [
  ['bzip2-', ['-zc', '/proc/self/exe']],
  [
    'lua-',
    ['-e', 'local s = 0 for i = 1, 1000 do s = s + math.sqrt(i) / 3 end print(s, 7 // 2.5)'],
  ],
  ['xxhsum-', ['/proc/self/exe']],
];

async function main(folder: string): Promise<void> {
  const counts = new Map<string, number>();
  let wrong = 0;
  const names = readdirSync(folder).toSorted();
  for (const [level, model] of models) {
    const verdicts = await verdictsByName(folder, 'runs-on', { cpu: level });
    for (const name of names) {
      const { outcome = 'none', message = '' } = verdicts.get(name) ?? {};
      const runs = runsOn(join(folder, name), model);
      const key = `${level}: ${outcome}, ${runs ? 'runs' : 'dies'}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      const differs = (outcome === 'pass' && !runs) || (outcome === 'fail' && runs);
      if (differs) wrong += 1;
      if (differs || process.argv.includes('--all'))
        console.info(
          `${differs ? 'DIFFERS' : '       '}  ${level} ${name}: ${runs}, ${outcome}: ${message}`,
        );
    }
  }
  for (const [key, count] of [...counts].toSorted()) console.info(`${count}  ${key}`);
  console.info(`${names.length} programs, ${wrong} differ`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

function runsOn(program: string, model: string): boolean {
  const [, words = []] = work.find(([start]) => basename(program).startsWith(start)) ?? [];
  const args = words.map((word) => (word === '/proc/self/exe' ? program : word));
  const { status } = spawnSync('qemu-x86_64-static', ['-cpu', model, program, ...args], {
    timeout: 120_000,
    maxBuffer: 100_000_000,
  });
  return status === 0;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: compare-with-processors.js FOLDER');
await main(folder);
