import type { ImageConfig } from '../../base/image-config.ts';
import type { Root } from '../../layers/root.ts';
import { accountLines } from '../rights/account-lines.ts';

const ofSystem = [
  '/etc/profile',
  '/etc/profile.d/*',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/zshenv',
  '/etc/zprofile',
  '/etc/zshrc',
  '/etc/zsh/*',
  '/etc/mkshrc',
  '/etc/ksh.kshrc',
];

const ofHome =
  '.profile .bash_profile .bash_login .bashrc .zshenv .zprofile .zshrc .kshrc .mkshrc .shrc .ashrc'.split(
    ' ',
  );

/** What an interactive shell or a login shell reads before anything else, in the form of a command to read it. */
export function settingsOfShells(homes: readonly string[]): string {
  const paths = [...ofSystem, ...homes.flatMap((home) => ofHome.map((name) => `${home}/${name}`))];
  return paths.map((path) => `. ${path}`).join('\n');
}

/** More accounts than an image starts anything as. */
const mostHomes = 16;

/** Where `~` may lead. */
export function homesIn(root: Root, config: ImageConfig | null): readonly string[] {
  const homes = new Set(['/root']);
  for (const setting of config?.env ?? [])
    if (setting.startsWith('HOME=/')) homes.add(setting.slice('HOME='.length));
  const user = (config?.user ?? '').split(':')[0] ?? '';
  for (const [name, , uid, , , home] of accountLines(root, '/etc/passwd')) {
    if (home?.startsWith('/') === true && home !== '/' && (name === user || uid === user))
      homes.add(home);
    if (homes.size >= mostHomes) break;
  }
  return [...homes];
}
