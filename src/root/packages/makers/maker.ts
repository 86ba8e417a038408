/**
 * Who built a package: the distribution that it is installed in, a vendor whose repository is known, or others: the author of the
 * image may be one of them.
 */
export interface Maker {
  readonly by: 'distribution' | 'vendor' | 'others';
  /** How that is known, as the end of a sentence. */
  readonly because: string;
}

export function distribution(because: string): Maker {
  return { by: 'distribution', because };
}

export function vendor(because: string): Maker {
  return { by: 'vendor', because };
}

export function others(because: string): Maker {
  return { by: 'others', because };
}

/** `lists.debian.org` of `APT Development Team <deity@lists.debian.org>`; '' where there is no address. */
export function hostOf(person: string): string {
  const at = person.lastIndexOf('@');
  return at < 0 ? '' : (/^[\w.-]+/.exec(person.slice(at + 1))?.[0].toLowerCase() ?? '');
}

/** `debian` of `lists.debian.org`, by which a project is known under several endings. */
export function labelOf(host: string): string {
  return host.split('.').at(-2) ?? '';
}

export function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
