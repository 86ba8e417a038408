import { distribution, hostOf, type Maker, others } from './maker.ts';

/** By pacman's database: the packager, and by what the package was checked. makepkg names nobody where nobody is set. */
export function pacmanMaker(packager: string, validation: string | null, id: string | null): Maker {
  const host = hostOf(packager);
  const label = id === null || id === 'linux' ? 'arch' : id;
  if (host === '' || !host.includes(label)) return others(`${packager || 'nobody'} packaged it`);
  if (validation !== null && validation !== 'pgp')
    return others(`${packager} is said to have packaged it, and it was installed unsigned`);
  return distribution(`the distribution's ${packager} packaged it`);
}
