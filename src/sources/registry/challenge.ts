/**
 * The authentication that a registry requires by WWW-Authenticate (RFC 9110 section 11.6.1, distribution's token
 * specification).
 */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string;
      readonly scope: string;
    };

/**
 * The challenge to answer: a bearer that names a realm, else basic, else a bearer without realm; null for none that is
 * known. Each header line is read for itself, so a damaged one hides no other.
 */
export function chooseChallenge(lines: readonly string[]): Challenge | null {
  const offered = lines.flatMap(parseChallenges);
  const bearers = offered.filter(({ scheme }) => scheme === 'bearer').map(bearerOf);
  const named = bearers.find(({ realm }) => realm !== '');
  if (named !== undefined) return named;
  if (offered.some(({ scheme }) => scheme === 'basic')) return { scheme: 'basic' };
  return bearers[0] ?? null;
}

function bearerOf({ parameters }: Offered): Extract<Challenge, { scheme: 'bearer' }> {
  const value = (key: string) => parameters.get(key) ?? '';
  return {
    scheme: 'bearer',
    realm: value('realm'),
    service: value('service'),
    scope: value('scope'),
  };
}

interface Offered {
  /** In small letters. */
  readonly scheme: string;
  /** By names in small letters; the first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~\w-]+/y;
/** A token and what makes it the name of a parameter; `==` ends a token68. */
const parameterName = /(?<name>[!#$%&'*+.^_`|~\w-]+)[ \t]*=(?!=|[ \t]*(?:,|$))[ \t]*/y;
/** Base64 and the like, which is all that its challenge has: it ends at a comma or the end. */
const token68 = /[\w.~+/-]+=*[ \t]*(?=,|$)/y;
const quoted = /"(?<text>(?:[^"\\]|\\.)*)"/y;
/** Some registries do not quote URLs. */
const bare = /[^\s,"]+/y;
const separators = /[\s,]*/y;

/**
 * All challenges of one header line. A comma separates challenges and parameters alike: what has an equals sign behind
 * it is a parameter of the challenge before. Parameters with blanks alone between them are taken too. What cannot be
 * read ends the line.
 */
export function parseChallenges(line: string): readonly Offered[] {
  const offered: Offered[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(separators);
    const scheme = take(token)?.[0].toLowerCase();
    if (scheme === undefined) return offered;
    const parameters = new Map<string, string>();
    offered.push({ scheme, parameters });
    const blanks = take(/[ \t]+/y);
    if (blanks !== null && take(token68) !== null) continue;
    for (;;) {
      take(separators);
      const name = take(parameterName)?.groups?.['name']?.toLowerCase();
      if (name === undefined) break;
      const text = take(quoted)?.groups?.['text']?.replace(/\\(.)/g, '$1') ?? take(bare)?.[0];
      if (text === undefined) return offered.slice(0, -1);
      if (!parameters.has(name)) parameters.set(name, text);
    }
  }
}
