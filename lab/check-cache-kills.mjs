// check-cache-kills.mjs [KILLS [FOLDER]]: kills scans that share one cache folder at random moments, then looks whether
// the cache is whole and the next run right. Ends with exit code 1 where they are not. The seed is printed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'bundle', 'cli.js');
const kills = Number(process.argv[2] ?? 50);
const image = process.argv[3] ?? join(root, 'samples', 'images', 'alpine-app.oci');
const folder = mkdtempSync(join(tmpdir(), 'cache-kills-'));
const cache = join(folder, 'cache');

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
let state = seed;
const random = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state / 2 ** 31;
};

try {
  const begun = performance.now();
  const want = scan('--no-cache');
  const wholeRun = performance.now() - begun;
  for (let done = 0; done < kills; ) {
    // Rules and limits of their own make entries of their own, so that there is always something to write.
    const words = () => [
      '--cache-dir',
      cache,
      '--max-entries',
      `${1000 + Math.floor(random() * 5)}000`,
    ];
    const runs = Array.from({ length: Math.min(2, kills - done) }, () =>
      spawn(process.execPath, [cli, image, '-o', 'json', ...words()], { stdio: 'ignore' }),
    );
    await setTimeout(random() * wholeRun * 1.2);
    for (const run of runs) run.kill('SIGKILL');
    done += runs.length;
    if (random() < 0.3)
      expect(scan('--cache-dir', cache) === want, `the report is right after ${done} kills`);
    const { status, stdout } = spawnSync(process.execPath, [
      cli,
      'cache',
      'verify',
      '--cache-dir',
      cache,
    ]);
    expect(status === 0, `the cache is whole after ${done} kills: ${stdout}`);
  }
  expect(scan('--cache-dir', cache) === want, 'the next report is right');
  expect(scan('--cache-dir', cache) === want, 'and the one after it');
  console.log(`${kills} kills, seed ${seed}: every report right, every entry whole`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function scan(...words) {
  const { status, stdout } = spawnSync(process.execPath, [cli, image, '-o', 'json', ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  expect(status === 0 || status === 1, `a scan ends with ${status}`);
  return stdout;
}

function expect(holds, what) {
  if (holds) return;
  console.error(`not so (seed ${seed}): ${what}`);
  process.exit(1);
}
