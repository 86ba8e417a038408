import { known } from '../../../src/base/fact.ts';
import type { TargetReport } from '../../../src/report/report.ts';
import type { Ownership } from '../../../src/root/ownership/ownership.ts';
import { binary, factsWith, target, verdict } from '../reports/report-builder.ts';

export interface WeakeningTry {
  readonly name: string;
  /** Of the repository, in which the run is in `app`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly image?: TargetReport;
  /** The error, or what the report says. */
  readonly says: RegExp;
}

interface Said {
  readonly ecosystem?: NonNullable<Ownership['component']>['ecosystem'];
  readonly byPathAlone?: true;
  readonly how?: 'command' | 'builder' | 'label' | 'annotation' | 'provenance';
  readonly namedBy?: 'content' | 'given';
  readonly name?: string;
}

/** A program that is not PIE, in an image that says this of itself. */
export function image({ ecosystem, byPathAlone, how, namedBy, name }: Said = {}): TargetReport {
  const component = { name: 'app', version: '1', purl: 'pkg:x/app', group: 'app' };
  const ownership: Ownership =
    ecosystem === undefined
      ? { whose: 'yours', component: null, because: 'nothing says otherwise' }
      : {
          ...{ whose: 'dependency', component: { ...component, ecosystem } },
          ...{ because: 'a list has it', ...(byPathAlone === undefined ? {} : { byPathAlone }) },
        };
  const layers = how === undefined ? null : 2;
  return target({
    name: name ?? 'ghcr.io/acme/app:1.0',
    ...(namedBy === 'content'
      ? { scheme: 'docker-archive' as const, namedBy }
      : { scheme: 'registry' as const }),
    layers: [0, 1].map((index) => ({
      ...{ index, digest: null, diffId: null, createdBy: null },
      origin: layers === null ? null : ('base' as const),
    })),
    base: { name: null, digest: null, layers, how: how ?? null, because: 'it says so' },
    binaries: [
      binary({
        path: '/opt/app',
        layer: 1,
        facts: factsWith({ ownership: known(ownership) }),
        verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro', outcome: 'pass' })],
      }),
    ],
  });
}

/** In the folder of the run. */
export const file = (text: string) => ({ 'app/hullcheck.yaml': text });
export const waiver = (members: string) =>
  file(`waivers: [{rule: pie, reason: x${members === '' ? '' : `, ${members}`}}]`);
/** What a waiver needs, but its end. */
export const right = 'image: ghcr.io/acme/app, path: /opt/app, owner: me, approved-by: alice';
