import type { JsonSchema } from '../../shapes/shape.ts';
import { type Annotation, annotations } from './config-examples.ts';
import { configShape } from './config-shape.ts';

/** JSON Schema of hullcheck.yaml, from the same shapes that read it. */
export function configSchema(rules: readonly string[], profiles: readonly string[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hullcheck:config:1.0.0',
    title:
      'Configuration of hullcheck: hullcheck.yaml, hullcheck.json, or hullcheck in package.json',
    ...Object.entries(annotations).reduce<JsonSchema>(
      (whole, [name, annotation]) => annotated(whole, name.split('.'), annotation),
      configShape(rules, profiles).schema,
    ),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The schema with more of one setting. Throws for one that is not there. */
function annotated(
  schema: JsonSchema,
  [name, ...inner]: readonly string[],
  annotation: Annotation,
): JsonSchema {
  if (name === undefined) return { ...schema, ...annotation };
  // A schema of an object has them by name.
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const found = properties[name];
  if (found === undefined) throw new Error(`there is no setting ${name}`);
  return {
    ...schema,
    properties: { ...properties, [name]: annotated(found, inner, annotation) },
  };
}
