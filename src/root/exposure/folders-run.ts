import { baseName } from '../../base/path-parts.ts';
import { commandsIn, mostWords } from './commands-in.ts';

/** What has the files of a folder run: `s6-svscan /app/services`, `run-parts /etc/start`. With each, how deep. */
const folderRunners: readonly (readonly [RegExp, number])[] = [
  [/^run-parts$/, 1],
  [/^(crond|my_init|supervisord?|dinit)$/, 1],
  [/^(runsv(ch)?dir(-start)?|runsv|svscan(boot)?|supervise)$/, 3],
  [/^s6-(svscan|supervise|rc|rc-init|rc-compile|linux-init)$/, 3],
];

/** They list what something else may run: `find /start.d -exec`, `for each in $(ls /start.d)`. */
const listers: ReadonlyMap<string, number> = new Map([
  ['find', 3],
  ['ls', 1],
]);

/** Everything that is installed is looked for there, or in what its manager keeps of it. */
const ofSystem =
  /^\/?$|^\/((usr\/)?(local\/)?(s?bin|lib\w*|share)?\/?|etc|home|root|tmp|opt|srv|var|proc|sys|dev)\/?$|^\/var\/lib\/(dpkg|apt)(\/|$)/;

export function isFolderOfSystem(folder: string): boolean {
  return ofSystem.test(folder);
}

export interface FoldersRun {
  /** By the words that name them, how deep their files are run. */
  readonly named: ReadonlyMap<string, number>;
  /** As deep is run what a variable names, which may be any folder. */
  readonly anyDepth: number;
  readonly runsVariables: boolean;
  readonly readsVariables: boolean;
}

export const nothingRun: FoldersRun = {
  named: new Map(),
  anyDepth: 0,
  runsVariables: false,
  readsVariables: false,
};

/**
 * Folders of which a text runs the files. To name a folder is not to run what lies in it: a program that does so stands in the same
 * command before it.
 */
export function foldersRun(text: string): FoldersRun {
  const named = new Map<string, number>();
  let anyDepth = 0;
  const runsVariables = runsWhatVariablesName(text);
  const readsVariables = readsWhatVariablesName(text);
  for (const command of commandsIn(text)) {
    if (!/[/$]/.test(command)) continue;
    let depth = 0;
    let isRun = false;
    for (const word of command.split(/[\s"'(){}<>=]+/, mostWords)) {
      if (depth > 0 && word.startsWith('$')) anyDepth = Math.max(anyDepth, depth);
      else if (depth > 0 && word.includes('/') && (isRun || !isFolderOfSystem(word)))
        named.set(word, Math.max(named.get(word) ?? 0, depth));
      const behind = depthBehind(baseName(word), runsVariables || readsVariables);
      // A search of /usr is one for something; who has /srv run means all that lies there.
      isRun ||= behind > 0 && !listers.has(baseName(word));
      depth = Math.max(depth, behind);
    }
  }
  return { named, anyDepth, runsVariables, readsVariables };
}

function depthBehind(name: string, runsLists: boolean): number {
  const ofLister = listers.get(name);
  if (ofLister !== undefined) return runsLists ? ofLister : 0;
  return folderRunners.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
}

/** `"$each"`, `exec $each`, `-exec {}`: a program stands where a variable does. */
function runsWhatVariablesName(text: string): boolean {
  return /(^|[\n;|&({`]|\b(then|do|else|if|while|until|exec|eval|command|env|nice|nohup|setsid|timeout|time|sudo|xargs)\b|-(exec|ok)(dir)?\s)[ \t!]*(-\S+[ \t]+|\d+\w?[ \t]+)*["']?(\$[{(]?[\w@*]|\{\})|\bxargs\b|-(exec|ok)(dir)?\s+\S*sh\b/.test(
    text,
  );
}

/** `. "$each"`, `sh $each`. */
function readsWhatVariablesName(text: string): boolean {
  return /(^|[\s;|&({`/])(source|\.|busybox|r?(ba|da|a|k|mk|z)?sh)[ \t]+(-\S+[ \t]+)*["']?(\$[{(]?[\w@*]|\{\})|\bxargs\b.*sh\b/m.test(
    text,
  );
}
