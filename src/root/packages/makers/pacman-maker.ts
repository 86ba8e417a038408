import { distribution, hostOf, isBelow, labelOf, type Maker, others } from './maker.ts';

/** Most distributions with pacman take packages of Arch as they are. */
const ofArch = 'archlinux.org';

/** Ends of a project's domain behind the ID of its os-release: archlinux.org, archlinuxarm.org, manjaro.org. */
const ends: ReadonlyMap<string, string> = new Map([['archarm', 'archlinuxarm']]);

/** By pacman's database: the packager, and by what the package was checked. makepkg names no one where no packager is set. */
export function pacmanMaker(packager: string, validation: string | null, id: string | null): Maker {
  const host = hostOf(packager);
  const isTheirs = isBelow(host, ofArch) || isProject(labelOf(host), id);
  if (!isTheirs) return others(`${packager || 'nobody'} packaged it`);
  if (validation !== null && validation !== 'pgp')
    return others(`${packager} is said to have packaged it, and it was installed unsigned`);
  return distribution(`the distribution's ${packager} packaged it`);
}

/** `artix` of artixlinux.org, but not `arch` of research.example. */
function isProject(label: string, id: string | null): boolean {
  if (id === null || id === 'linux' || id === 'arch') return false;
  return label === id || label === `${id}linux` || label === ends.get(id);
}
