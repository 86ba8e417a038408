import { isOwnId, ownIdPattern } from '../../base/own-id.ts';
import type { JsonSchema } from '../../shapes/shape.ts';
import { choice, type Shape } from './node-shapes.ts';

/** IDs that a configuration may name. */
export interface RuleNames {
  readonly ids: readonly string[];
  /** Called with each ID that has a prefix, which is then accepted as it is: rules of plug-ins are known when all files are read. Absent: they are known. */
  readonly meet?: ((id: string) => void) | undefined;
}

/** A rule, or one of some other words; `lead` stands before IDs: `rules.`. */
export function ruleChoice(
  what: string,
  { ids, meet }: RuleNames,
  { words = [], lead = '', allowed }: RuleWords = {},
): Shape<string> {
  const known = choice(what, [...words, ...ids.map((id) => lead + id)], allowed);
  // Editors know no plug-ins.
  const pattern = `^${lead.replace('.', '\\.')}${ownIdPattern}$`;
  const schema: JsonSchema = { anyOf: [known.schema, { type: 'string', pattern }] };
  if (meet === undefined) return { schema, read: known.read };
  return {
    schema,
    read(node) {
      const value = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
      const id = value.startsWith(lead) ? value.slice(lead.length) : '';
      if (!isOwnId(id)) return known.read(node);
      meet(id);
      return value;
    },
  };
}

interface RuleWords {
  readonly words?: readonly string[];
  readonly lead?: string;
  /** Absent: a command lists them. */
  readonly allowed?: string;
}
