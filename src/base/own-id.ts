/** Of a rule that is not of hullcheck: a prefix and a name, as `acme/no-foo`. */
export const ownIdPattern = '[a-z][a-z0-9-]{0,39}/[a-z][a-z0-9-]{0,59}';

const ownId = new RegExp(`^${ownIdPattern}$`);

export function isOwnId(id: string): boolean {
  return ownId.test(id);
}
