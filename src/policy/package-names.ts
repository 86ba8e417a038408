import { compileGlobs } from '../base/glob.ts';

/** Of a name and the ecosystem or package manager that it is of. */
export type MatchesName = (name: string, ecosystem: unknown) => boolean;

/** Where names have lower-case letters only, what a person writes with others is the same name. */
const lowerCase: ReadonlySet<unknown> = new Set(['deb', 'dpkg', 'apk', 'alpm', 'pacman', 'conda']);

/** Throws UsageError for a glob that makes no sense. */
export function compileNames(globs: readonly string[]): MatchesName {
  const exact = compileGlobs(globs);
  const lower = compileGlobs(globs.map((glob) => glob.toLowerCase()));
  const python = compileGlobs(globs.map(normalized));
  return (name, ecosystem) => {
    if (ecosystem === 'pypi') return python(normalized(name));
    return lowerCase.has(ecosystem) ? lower(name.toLowerCase()) : exact(name);
  };
}

/**
 * Of package URLs: the version counts where the pattern has one, and of the qualifiers those that it has, in any order. A person
 * may write what a URL encodes: `pkg:npm/@acme/native`, `pkg:deb/debian/acmed@1:2.0+b1`.
 */
export function compilePurls(patterns: readonly string[]): (purl: string) => boolean {
  const compiled = patterns.map(compilePurl);
  return (purl) => {
    const found = partsOf(purl);
    const bare = found.place.replace(/@[^@/]*$/, '');
    const ecosystem = /^pkg:([^/]+)/.exec(found.place)?.[1];
    return compiled.some(
      ({ matches, qualifiers }) =>
        [found.place, bare].some((place) => matches(place, ecosystem)) &&
        qualifiers.every((wanted) => found.qualifiers.some(wanted)),
    );
  };
}

function compilePurl(pattern: string) {
  const { place, qualifiers } = partsOf(pattern);
  return {
    matches: compileNames([place]),
    qualifiers: qualifiers.map((each) => compileGlobs([each])),
  };
}

interface PurlParts {
  /** Type, namespace, name and version, decoded. */
  readonly place: string;
  /** Each as `arch=amd64`; slashes in values are not part of a path. */
  readonly qualifiers: readonly string[];
}

/** A question mark that no `name=` follows is of a glob. */
function partsOf(purl: string): PurlParts {
  const [, whole = '', qualifiers = ''] =
    /^(.*?)(?:\?([a-z][\w.-]*=[^#]*))?(?:#.*)?$/is.exec(purl) ?? [];
  const place = decoded(whole).replace(/^pkg:[^/{]+/i, (type) => type.toLowerCase());
  const parts = qualifiers.split('&').filter((each) => each !== '');
  return { place, qualifiers: parts.map((each) => decoded(each).replaceAll('/', '\u2215')) };
}

const encoded: Readonly<Record<string, string>> = {
  '%40': '@',
  '%2B': '+',
  '%3A': ':',
  '%7E': '~',
  '%2F': '/',
};

/** Only what means nothing to a glob. */
function decoded(text: string): string {
  return text.replace(/%(?:40|2b|3a|7e|2f)/gi, (code) => encoded[code.toUpperCase()] ?? code);
}

/** PEP 503, of a name or a glob of names; the version behind an @ stays as it is, and so does what stands in brackets. */
function normalized(glob: string): string {
  let isVersion = false;
  return (glob.match(/\\.|\[[^\]]*\]|[-_.]+|./gs) ?? [])
    .map((token) => {
      isVersion = token === '@' || (isVersion && token !== ',' && token !== '}');
      if (isVersion || token.startsWith('[')) return token;
      return /^[-_.]+$/.test(token) ? '-' : token.toLowerCase();
    })
    .join('');
}
