import { file, image, right, type WeakeningTry, waiver } from './weakened-image.ts';

const refused = (why: RegExp) => new RegExp(`the waiver of pie .* does not count: .*${why.source}`);
export const entry = (members: object) => ({
  'app/known.json': JSON.stringify({
    ...{ type: 'hullcheck-baseline', version: '1' },
    findings: [{ rule: 'pie', path: '/opt/app', package: null, buildId: null, ...members }],
  }),
  ...file('baseline: known.json'),
});
export const rightEntry = {
  ...{ image: 'ghcr.io/acme/app', owner: 'me', severity: 'high', named: true },
  ...{ date: '2026-11-01', expires: '2027-01-01' },
};

/** What accepts findings beyond what the policy allows, or rests on the word of an image. */
export const weakeningAcceptances: Readonly<Record<string, readonly WeakeningTry[]>> = {
  'by a waiver': [
    { name: 'without an end', files: waiver(right), says: refused(/it has no end/) },
    {
      name: 'with an end that is too far',
      files: waiver(`${right}, created: 2026-11-30, expires: 2027-11-30`),
      says: refused(/at most 90/),
    },
    {
      name: 'that says it begins later',
      files: waiver(`${right}, created: 2027-11-01, expires: 2027-12-01`),
      says: refused(/at most 90/),
    },
    {
      name: 'of every image',
      files: waiver('path: /opt/app, owner: me, approved-by: alice, expires: 2026-12-31'),
      says: refused(/image/),
    },
    {
      name: 'of every path of an image',
      files: waiver('image: ghcr.io/acme/app, owner: me, approved-by: alice, expires: 2026-12-31'),
      says: refused(/path/),
    },
    {
      name: 'of everything by globs',
      files: waiver('image: "**", path: "**", owner: me, approved-by: alice, expires: 2026-12-31'),
      says: refused(/image|path/),
    },
    {
      name: 'that nobody owns',
      files: waiver(
        'image: ghcr.io/acme/app, path: /opt/app, approved-by: alice, expires: 2026-12-31',
      ),
      says: refused(/no owner/),
    },
    {
      name: 'that another person approved',
      files: waiver(
        'image: ghcr.io/acme/app, path: /opt/app, owner: me, approved-by: mallory, expires: 2026-12-31',
      ),
      says: refused(/none of alice/),
    },
    {
      name: 'that ended',
      files: waiver(`${right}, created: 2026-10-01, expires: 2026-11-01`),
      says: /expired on 2026-11-01/,
    },
    {
      name: 'of an image that only calls itself so',
      files: waiver(`${right}, expires: 2026-12-31`),
      image: image({ namedBy: 'content' }),
      says: /the policy does not accept/,
    },
    {
      name: 'by limits that are wider',
      files: file(
        `waivers: {at-most: 900d, entries: [{rule: pie, reason: x, ${right}, created: 2026-11-30, expires: 2027-11-30}]}`,
      ),
      says: refused(/at most 90/),
    },
    {
      name: 'by an approval of everybody',
      files: file(
        `waivers: {approved-by: [alice, mallory], entries: [{rule: pie, reason: x, image: ghcr.io/acme/app, path: /opt/app, owner: me, approved-by: mallory, expires: 2026-12-31}]}`,
      ),
      says: refused(/none of alice/),
    },
  ],
  'by a baseline': [
    {
      name: 'of any image',
      files: entry({ ...rightEntry, image: undefined }),
      says: /no image|image/,
    },
    {
      name: 'without an owner',
      files: entry({ ...rightEntry, owner: undefined }),
      says: /no owner/,
    },
    { name: 'without an end', files: entry({ ...rightEntry, expires: undefined }), says: /no end/ },
    {
      name: 'with an end that is too far',
      files: entry({ ...rightEntry, expires: '2028-01-01' }),
      says: /at most 90/,
    },
    {
      name: 'that ended',
      files: entry({ ...rightEntry, expires: '2026-11-02' }),
      says: /ended on 2026-11-02/,
    },
    {
      name: 'of another severity',
      files: entry({ ...rightEntry, severity: 'low' }),
      says: /weighs high and weighed low/,
    },
    {
      name: 'from before the gate named the rule',
      files: entry({ ...rightEntry, named: undefined }),
      says: /the gate names pie now/,
    },
    {
      name: 'of another image',
      files: entry({ ...rightEntry, image: 'ghcr.io/acme/other' }),
      says: /^/,
    },
    {
      name: 'of an image that only calls itself so',
      files: entry(rightEntry),
      image: image({ namedBy: 'content' }),
      says: /is what the content calls itself/,
    },
    {
      name: 'by limits that are wider',
      files: {
        ...entry({ ...rightEntry, expires: '2028-01-01' }),
        ...file('baseline: {file: known.json, at-most: 900d}'),
      },
      says: /at most 90/,
    },
  ],
  'by what the image says': [
    ...(['npm', 'pypi', 'gem'] as const).map((ecosystem) => ({
      ...{ name: `a list of ${ecosystem}`, image: image({ ecosystem }) },
      says: /the policy does not accept/,
    })),
    {
      name: 'a package database without digests',
      image: image({ ecosystem: 'rpm', byPathAlone: true }),
      says: /the policy does not accept/,
    },
    ...(['command', 'builder', 'label', 'annotation', 'provenance'] as const).map((how) => ({
      ...{ name: `a base image that a ${how} names`, image: image({ how }) },
      says: /the policy does not accept/,
    })),
    {
      name: 'another name',
      image: image({ namedBy: 'content', name: 'ghcr.io/acme/other:1' }),
      says: /name/,
    },
  ],
};
