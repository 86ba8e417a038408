import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { repositoryRoot } from '../repository.ts';

/** Of version 1.6 (JSON), as the official library has it: the schema and those of licenses, signatures and algorithms. */
const folder = join(repositoryRoot, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
const read = (name: string): object => JSON.parse(readFileSync(join(folder, fileOf(name)), 'utf8'));
const fileOf = (name: string) => `${name}.SNAPSHOT.schema.json`;

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
// Formats of drafts that the package does not know; none of them is written.
for (const format of ['idn-email', 'iri-reference']) ajv.addFormat(format, true);
for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
  ajv.addSchema({ ...read(name), $id: `http://cyclonedx.org/schema/${fileOf(name)}` });
const isValid = ajv.compile(read('bom-1.6'));

/** What the schema does not take, one sentence each. */
export function cyclonedxRefuses(document: unknown): readonly string[] {
  if (isValid(document)) return [];
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
