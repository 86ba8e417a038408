import { isBlank } from '../../base/blank.ts';
import { isDay } from '../../base/day.ts';
import { problemOfGlob } from '../../base/glob.ts';
import type { BinaryKind } from '../../judge/rule.ts';
import { described } from '../../shapes/shape.ts';
import { choice, listOf, text } from './node-shapes.ts';

const kinds = [
  'executable',
  'static-executable',
  'static-pie',
  'shared-library',
  'executable-library',
  'loader',
  'object',
  'kernel-module',
  'kernel',
  'firmware',
  'boot-code',
  'kernel-config',
  'core',
  'debug-only',
] as const satisfies readonly BinaryKind[];

export const glob = text('a glob', { maxLength: 256 }, problemOfGlob);
export const date = text('a date such as 2027-01-31', { format: 'date' }, problemOfDate);
export const digest = text(
  'a sha256',
  { pattern: '^([sS][hH][aA]256:)?[0-9a-fA-F]{64}$' },
  problemOfDigest,
);
export const sentence = text('a sentence', { pattern: '\\S' }, (value) =>
  isBlank(value) ? 'is blank' : null,
);
/** Nobody can be asked by a name that nobody sees. */
export const person = text('a name', { maxLength: 256, pattern: '\\S' }, (value) =>
  isBlank(value) ? 'is blank' : null,
);

export const required = choice('required', ['required']);
export const days = text(
  'a number of days such as 180d',
  { pattern: '^[0-9]{1,4}d$' },
  problemOfDays,
);

/** Which files are meant, in waivers and overrides. */
export const place = {
  image: described(
    'Globs of names of images: `alpine`, `ghcr.io/acme/*`, `acme/app:2.*`. Without a tag, every tag.',
    listOf(glob),
  ),
  path: described('Globs of paths in the image; without a slash, of file names.', listOf(glob)),
  package: described('Globs of names of packages and dependencies.', listOf(glob)),
  layer: described(
    'Layers of the base image, or those above it; neither if the base image is not known.',
    choice('base or own', ['base', 'own']),
  ),
  whose: described(
    'Owner of the files: yours, dependency or distribution.',
    listOf(choice('yours, dependency or distribution', ['yours', 'dependency', 'distribution'])),
  ),
  kind: described('Kinds of binaries.', listOf(choice('a kind of binary', kinds))),
};

function problemOfDigest(value: string): string | null {
  const digits = value.replace(/^sha256:/i, '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return null;
  return `is not a sha256: it has ${digits.length} ${/^[0-9a-f]*$/i.test(digits) ? 'hexadecimal digits' : 'characters'}, expected 64 hexadecimal digits`;
}

function problemOfDays(value: string): string | null {
  return /^\d{1,4}d$/.test(value) ? null : 'is not a number of days such as 180d';
}

function problemOfDate(value: string): string | null {
  if (isDay(value)) return null;
  const hint = /^\d+ *[a-z]+$/i.test(value)
    ? ': write the day, as hullcheck waive --expires 90d does'
    : '';
  return `is not a date such as 2027-01-31${hint}`;
}
