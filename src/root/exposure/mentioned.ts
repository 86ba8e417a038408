import type { ImageConfig } from '../../base/image-config.ts';
import { decodeName } from '../../base/text.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import type { How, Mentioned, Named } from './named-text.ts';
import { startsOpenShell } from './read-by-shell.ts';
import { searchPath } from './search-path-of-shell.ts';
import { serviceEntries } from './service-entries.ts';
import { isServiceFile, wordsOfService } from './service-files.ts';
import { createRunnerSearch } from './service-runners.ts';
import { homesIn, settingsOfShells } from './shell-settings.ts';
import { TextWalk } from './text-walk.ts';

/** What the texts of an image lead to. */
export interface Mentions {
  readonly files: readonly Mentioned[];
  /**
   * A text that a shell is to read and that is not known, or an exceeded budget: something may be started that is not
   * found. null: everything was read.
   */
  readonly unread: string | null;
}

/**
 * Files that words of the command name, of texts that are named so, of the variables of the image, and of what runs in addition to its
 * command: services and the health check. It does not ask what a shell would do with a word: in quotes, behind `nice`, in a condition or
 * in an assignment it is still a word. The result is what may be started; other files may be started too.
 */
export function filesMentioned(
  root: Root,
  config: ImageConfig | null,
  locate: (word: string) => RootEntry | undefined,
): Mentions {
  const homes = homesIn(root, config);
  const runners = createRunnerSearch(config);
  const walk = new TextWalk({ root, locate, onPath: searchPath(config).length, homes });
  if (config !== null) {
    const command = textsOfCommand(config);
    walk.follow(command, { how: 'mentioned', runners });
    if (walk.startsOpenShell || command.some(({ text }) => startsOpenShell(text))) {
      const settings = { text: settingsOfShells(homes), by: 'a shell', isShell: true };
      walk.follow([settings], { how: 'mentioned', runners });
    }
    walk.follow(textsOfHealthCheck(config), { how: 'service' });
  }
  const { unread } = walk;
  if (unread !== null) runners.leaveOut();
  const how = runners.runsServices() ? 'service' : 'installed';
  followServices(walk, root, how);
  return { files: walk.files, unread: how === 'service' ? walk.unread : unread };
}

function textsOfCommand({ entrypoint, cmd, env, workingDirectory }: ImageConfig): Named[] {
  const variables = env
    .filter((setting) => !setting.startsWith('PATH=') && setting.includes('/'))
    .map((setting) => {
      const at = setting.indexOf('=');
      const isRead = /^(BASH_)?ENV=/.test(setting);
      return { text: `${isRead ? '. ' : ''}${setting.slice(at + 1)}`, by: 'a variable' };
    });
  const command = [...entrypoint, ...cmd].join(' ');
  return [
    ...variables.map((each) => ({ ...each, isShell: true, isGiven: true as const })),
    {
      text: command,
      by: 'the command',
      isShell: true,
      isGiven: true,
      folder: workingDirectory || '/',
    },
  ];
}

function textsOfHealthCheck({ healthcheck, workingDirectory }: ImageConfig): Named[] {
  const text = (healthcheck ?? []).join(' ');
  return [{ text, by: 'the health check', isShell: true, folder: workingDirectory || '/' }];
}

/** What lies where services do, and settings of supervisord elsewhere. */
function followServices(walk: TextWalk, root: Root, how: How): void {
  const texts: Named[] = [];
  const add = (path: string, text: Buffer) =>
    texts.push({ text: wordsOfService(path, decodeName(text)), by: path, isShell: true });
  for (const service of serviceEntries(root)) {
    if (service === null) {
      walk.leaveOut('more files of services than are looked at');
      break;
    }
    const { path, entry } = service;
    const text = root.text(entry.path);
    if (text !== undefined) add(path, text);
    else if (entry.elf !== null) walk.meet(entry, { how, by: path });
    else if (entry.size > 0) walk.leaveOut(path);
  }
  for (const path of root.textPaths()) {
    const text = path.startsWith('/etc/') || !isServiceFile(path) ? undefined : root.text(path);
    if (text !== undefined) add(path, text);
  }
  walk.follow(texts, { how });
}
