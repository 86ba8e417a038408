import type { Fact } from '../../fact.ts';
import type { Package } from '../packages/package.ts';
import type { Component, Ecosystem, Ownership } from './ownership.ts';

const ecosystems: Readonly<Record<Package['manager'], Ecosystem>> = {
  apk: 'apk',
  dpkg: 'deb',
  rpm: 'rpm',
  pacman: 'alpm',
};

/** By the database of a package manager alone. */
export function ownershipByPackage(owner: Fact<Package | null>): Ownership {
  if (!owner.known) return yours(owner.because);
  if (owner.value === null) return yours('no package brings it');
  return {
    whose: 'distribution',
    component: componentOf(owner.value),
    because: 'the package database names it',
  };
}

export function yours(because: string): Ownership {
  return { whose: 'yours', component: null, because };
}

function componentOf({ manager, name, version, purl, source }: Package): Component {
  return { ecosystem: ecosystems[manager], name, version, purl, group: source };
}
