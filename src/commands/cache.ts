import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import type { Command, Surroundings } from './command.ts';
import { cacheFolder, unused, withCacheDirectory } from './settings/cache-folder.ts';

const actions = ['info', 'clear', 'verify'] as const;

const cache: Command = {
  name: 'cache',
  usage: 'cache <action>',
  summary: 'Show, check or clear the cache',
  topic: 'Reference',
  register: (parser, surroundings, finish) => {
    parser.command(
      cache.usage,
      cache.summary,
      (command) =>
        withCacheDirectory(
          command.positional('action', {
            choices: actions,
            demandOption: true,
            describe: 'What to do',
          }),
        ).epilogue('Exit codes: 0 success, 3 verify found damaged entries (they are never used).'),
      async ({ action, cacheDir }) => {
        const folder = cacheFolder(cacheDir, surroundings);
        if (folder === null)
          throw new UsageError(
            'there is no home directory for the cache: choose a folder with --cache-dir',
          );
        finish(await run(action, folder, surroundings));
      },
    );
  },
};
export default cache;

async function run(
  action: (typeof actions)[number],
  folder: string,
  { stdout }: Surroundings,
): Promise<number> {
  const { entryStore, isWhole } = await import('../cache/entry-store.ts');
  const { folderRefusal } = await import('../cache/private-files.ts');
  const refusal = folderRefusal(folder);
  if (refusal !== null) throw new UsageError(unused(folder, refusal));
  const store = entryStore(folder);
  const entries = (await store.list()).filter(({ isUnfinished }) => !isUnfinished);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  const found = `${entries.length} entries, ${(size / 1024 ** 2).toFixed(1)} MiB, in ${escapeText(folder)}`;
  if (action === 'clear') {
    await store.clear();
    await stdout.write(`cleared ${found}\n`);
    return 0;
  }
  if (action === 'info') {
    await stdout.write(`${found}\n`);
    return 0;
  }
  const damaged: string[] = [];
  for (const entry of entries) if (!(await isWhole(entry))) damaged.push(entry.path);
  for (const path of damaged) await stdout.write(`damaged: ${escapeText(path)}\n`);
  await stdout.write(`${found}: ${damaged.length} damaged\n`);
  return damaged.length === 0 ? 0 : 3;
}
