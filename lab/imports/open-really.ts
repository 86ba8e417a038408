import { spawnSync } from 'node:child_process';
import type { Opening } from './predict-opening.ts';

export interface RealOpening {
  readonly opening: Opening;
  readonly said: string;
}

/** Addons are opened lazily by Node.js; Python resolves every name at once. */
export function readAnswers(text: string): ReadonlyMap<string, RealOpening> {
  const said = new Map<string, Map<string, string>>();
  for (const line of text.split('\n')) {
    const [path, mode, answer] = line.split('\t');
    if (path === undefined || mode === undefined || answer === undefined) continue;
    const answers = said.get(path) ?? new Map<string, string>();
    said.set(path, answers.set(mode, answer));
  }
  return new Map([...said].map(([path, answers]) => [path, openingOf(path, answers)]));
}

function openingOf(path: string, answers: ReadonlyMap<string, string>): RealOpening {
  const now = answers.get('now') ?? '';
  const lazy = answers.get('lazy') ?? '';
  if (now === 'loads') return { opening: 'loads', said: now };
  const isLater = path.endsWith('.node') && lazy === 'loads';
  return { opening: isLater ? 'dies at the first call' : 'cannot be loaded', said: now };
}

/** Runs a program of a root in that root and gives it the paths. */
export function openIn(root: string, words: readonly string[], paths: readonly string[]) {
  const script =
    'mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" "$@"';
  const { error, stdout, stderr, status, signal } = spawnSync(
    'unshare',
    ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', root, ...words],
    {
      encoding: 'utf8',
      input: `${paths.join('\n')}\n`,
      maxBuffer: 1 << 28,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    },
  );
  if (error || status !== 0)
    throw new Error(`${words[0]} in ${root}: ${error?.message ?? signal ?? stderr}`);
  return readAnswers(stdout);
}

/** Each path in a process of its own: an extension may end the one that loads it. */
export const openByPython = `
import importlib.machinery, os, sys, _ctypes
for path in sys.stdin.read().split("\\n"):
    if not path: continue
    if path.count(".") and not any(os.path.basename(path).split(".", 1)[1] == suffix[1:] for suffix in importlib.machinery.EXTENSION_SUFFIXES):
        print(path, "now", "its name is not looked for", sep="\\t", flush=True)
        continue
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            _ctypes.dlopen(path, os.RTLD_NOW)
            said = "loads"
        except OSError as error:
            said = str(error)
        os.write(theirs, said.encode())
        os._exit(0)
    os.close(theirs)
    said = os.fdopen(ours, "rb").read().decode()
    os.waitpid(child, 0)
    print(path, "now", (said or "loads").replace("\\n", " ").replace("\\t", " "), sep="\\t", flush=True)
`;

/** What is said after dlopen, of an addon that registers itself otherwise, is not of the loader. */
export const openByNode = `
const { spawnSync } = require('node:child_process');
const { RTLD_NOW, RTLD_LAZY } = require('node:os').constants.dlopen;
const code = 'try { process.dlopen({ exports: {} }, process.argv[1], Number(process.argv[2])); } catch (error) { process.stdout.write(error.message); } process.reallyExit(0);';
for (const path of require('node:fs').readFileSync(0, 'utf8').split('\\n')) {
  if (!path) continue;
  for (const [label, mode] of [['now', RTLD_NOW], ['lazy', RTLD_LAZY]]) {
    const { stdout } = spawnSync(process.execPath, ['-e', code, path, String(mode)], { encoding: 'utf8', timeout: 20000 });
    const isLoader = /cannot open shared object|undefined symbol|version .* not found|wrong ELF|symbol lookup|cannot enable|TLS/.test(stdout);
    console.log([path, label, isLoader ? stdout.replace(/[\\n\\t]/g, ' ') : 'loads'].join('\\t'));
  }
}
`;
