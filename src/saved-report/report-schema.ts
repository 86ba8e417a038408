import { reportShape } from './report-shape.ts';

/** JSON Schema of the json format, from the same shapes that read it. */
export function reportSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hullcheck:report:1.0.0',
    title: 'A report of hullcheck, as -o json writes it',
    ...reportShape.schema,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
