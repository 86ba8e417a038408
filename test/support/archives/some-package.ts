import type { Package } from '../../../src/root/packages/package.ts';

/** A package of a test: what is left out is plain. */
export function somePackage(given: Partial<Package> & { readonly name: string }): Package {
  return {
    manager: 'apk',
    source: given.name,
    version: '1',
    architecture: 'x86_64',
    purl: '',
    maker: { by: 'distribution', because: 'a test says so' },
    maintainer: 'A Test <test@example.org>',
    ...given,
  };
}
