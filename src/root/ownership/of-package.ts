import type { Package } from '../packages/package.ts';
import type { Component, Ecosystem, Ownership } from './ownership.ts';

const ecosystems: Readonly<Record<Package['manager'], Ecosystem>> = {
  apk: 'apk',
  dpkg: 'deb',
  rpm: 'rpm',
  pacman: 'alpm',
};

/** By a package that has the file; `knownBy` says whether its database has a digest that agrees. */
export function ownershipByPackage(owner: Package, knownBy: 'digest' | 'path'): Ownership {
  const { name, version, maker } = owner;
  const vouched =
    knownBy === 'digest'
      ? `its digest agrees with the package database`
      : `the package database, which has no digest of it, names it`;
  return {
    whose: maker.by === 'distribution' ? 'distribution' : 'dependency',
    component: componentOf(owner),
    because:
      maker.by === 'distribution' ? vouched : `${vouched}; of ${name} ${version}, ${maker.because}`,
    ...(knownBy === 'path' ? { byPathAlone: true } : {}),
  };
}

export function yours(because: string): Ownership {
  return { whose: 'yours', component: null, because };
}

export function componentOf({ manager, name, version, purl, source }: Package): Component {
  return { ecosystem: ecosystems[manager], name, version, purl, group: source };
}
