/** What a registry asks for by WWW-Authenticate (RFC 9110 section 11.6.1, distribution's token specification). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string;
      readonly scope: string;
    };

/** The bearer challenge if there is one, else basic; null for none that is known. */
export function parseChallenge(header: string): Challenge | null {
  const bearer = /(?:^|,)\s*bearer\s+(?<parameters>.*)$/i.exec(header)?.groups?.['parameters'];
  if (bearer === undefined) return /(?:^|,)\s*basic\b/i.test(header) ? { scheme: 'basic' } : null;
  const values = new Map(
    [...bearer.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)].map(
      ([, key = '', quoted, plain]) => [key.toLowerCase(), quoted ?? plain ?? ''] as const,
    ),
  );
  const value = (key: string) => values.get(key) ?? '';
  return {
    scheme: 'bearer',
    realm: value('realm'),
    service: value('service'),
    scope: value('scope'),
  };
}
