import { escapeText } from '../../base/escape.ts';
import { gatedImages } from '../../report/gates.ts';
import type { Report } from '../../report/report.ts';

/** The gate of each image, or of all where none has its own. */
function gatesOf(report: Report) {
  const images = gatedImages(report);
  if (images.length > 0)
    return images.map(({ gate, targets }) => ({
      gate,
      refs: targets.flatMap((target) => {
        const at = report.targets.indexOf(target);
        return target.kind === 'file'
          ? target.binaries.map(({ path }) => `${at}:${path}`)
          : [String(at)];
      }),
    }));
  return [{ gate: report.gate, refs: [] }];
}

/** That a gate holds is a claim about each of its images; one that is undecided is not conformance of any degree. */
export function declarationsOf(report: Report) {
  const gates = gatesOf(report);
  const claims = gates.flatMap(({ gate, refs }, at) =>
    refs.map((target, index) => ({
      'bom-ref': `claim ${at} ${index}`,
      target,
      predicate: `the gate is ${states[gate.state]}`,
      reasoning: escapeText(gate.because),
    })),
  );
  return {
    assessors: [{ 'bom-ref': 'assessor', thirdParty: false }],
    attestations: gates.map(({ gate, refs }, at) => ({
      summary: escapeText(gate.because),
      assessor: 'assessor',
      map: [
        {
          requirement: 'requirement gate',
          claims: refs.map((_, index) => `claim ${at} ${index}`),
          ...(gate.state === 'undecided'
            ? {}
            : {
                conformance: {
                  score: gate.state === 'holds' ? 1 : 0,
                  rationale: escapeText(gate.because),
                },
              }),
        },
      ],
    })),
    claims,
  };
}

export function definitionsOf({ tool, policy }: Report) {
  return {
    standards: [
      {
        'bom-ref': 'standard',
        name: 'The gate of hullcheck',
        version: tool.version,
        description: `Hardening and start of ELF files, by the profile ${policy.profile}`,
        requirements: [
          {
            'bom-ref': 'requirement gate',
            identifier: 'gate',
            title: 'The gate holds',
          },
        ],
      },
    ],
  };
}

const states = { holds: 'met', broken: 'broken', undecided: 'undecided' } as const;
