import { pageSizes, processorLevels, type RequiredSystem } from '../../base/required-system.ts';
import { described } from '../../shapes/shape.ts';
import type { ConfigNode } from './config-node.ts';
import { choice, object, type Shape, text } from './node-shapes.ts';

/** What has the form of a version, wherever it stands. */
const pattern = '^\\d{1,6}(\\.\\d{1,6}){1,3}$';

const quotedVersion = text('a version such as 2.31', { pattern, maxLength: 30 }, (value) =>
  new RegExp(pattern).test(value) ? null : 'is not a version such as 2.31',
);

/** YAML takes `2.30` for a number, of which the last digit is lost: as it was written it is the version that is meant. */
const version: Shape<string> = {
  schema: {
    anyOf: [quotedVersion.schema, { type: 'number', minimum: 0, exclusiveMaximum: 1_000_000 }],
  },
  read: (node) => quotedVersion.read(asText(node)),
};

function asText(node: ConfigNode): ConfigNode {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') return node;
  return { kind: 'scalar', at: node.at, value: node.source ?? String(node.value) };
}

export const requiredSystemShape: Shape<RequiredSystem> = object<RequiredSystem>({
  glibc: described('Release of glibc: 2.31.', version),
  musl: described('Release of musl: 1.2.2.', version),
  libstdcxx: described('Version of the symbols of libstdc++: 3.4.28, that of GCC 10.', version),
  kernel: described('Release of Linux: 5.10.', version),
  cpu: described('Level of x86-64 processors.', choice('a level', processorLevels)),
  page: described('Largest pages of its kernels.', choice('a page size', pageSizes)),
});
