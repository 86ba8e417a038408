import { configShape } from './config-shape.ts';

/** JSON Schema of hullcheck.yaml, from the same shapes that read it. */
export function configSchema(rules: readonly string[], profiles: readonly string[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hullcheck:config:1.0.0',
    title:
      'Configuration of hullcheck: hullcheck.yaml, hullcheck.json, or hullcheck in package.json',
    ...configShape(rules, profiles).schema,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
