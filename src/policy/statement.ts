import type { Against, Counts, Gate, PolicyFile, Report } from '../report/report.ts';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly Subject[];
  readonly predicateType: typeof predicateType;
  readonly predicate: Predicate;
}

export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

export interface Predicate {
  readonly tool: Report['tool'];
  readonly profile: string;
  /** Day of the run, where it was given. */
  readonly date?: string;
  /** What the policy was read from. */
  readonly policy: readonly {
    readonly role: PolicyFile['role'];
    readonly name: string;
    readonly digest: { readonly sha256: string };
  }[];
  readonly gate: Pick<Gate, 'of' | 'failOn' | 'state' | 'because'>;
  /** The older release that the gate compares with, as the signer's run had it. Absent: it stands by itself. */
  readonly against?: Pick<Against, 'sha256' | 'targets'>;
  readonly counts: Counts;
  /** Of the bytes of the JSON report, so that the statement vouches for all of it. */
  readonly report: { readonly digest: { readonly sha256: string } };
}

export const predicateType = 'urn:hullcheck:scan:1.0.0';

/** What a signer may state of the images of a report; null where none of them has a digest to state it of. */
export function statementOf(report: Report, reportDigest: string): Statement | null {
  const subject = subjectsOf(report);
  if (subject === null) return null;
  const { tool, date, policy, gate, counts, against } = report;
  const { of, failOn, state, because } = gate;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType,
    predicate: {
      tool,
      profile: policy.profile,
      ...(date === undefined ? {} : { date }),
      policy: policy.files.map(({ role, name, sha256 }) => ({ role, name, digest: { sha256 } })),
      // Whose files the answer is about; a report of a version where all counted does not say it.
      gate: { ...(of === undefined ? {} : { of }), failOn, state, because },
      ...(against === undefined ? {} : { against: againstOf(against) }),
      counts,
      report: { digest: { sha256: reportDigest } },
    },
  };
}

/** Images have digests of their own, and a file that is an ELF file has that of its bytes. */
export function subjectsOf({ targets }: Report): readonly Subject[] | null {
  const subjects = targets.flatMap(({ name, digest, kind, binaries }) => {
    const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '') ?? [];
    if (sha256 !== undefined) return [{ name, digest: { sha256 } }];
    const file = kind === 'file' ? binaries.find(({ path }) => path === name) : undefined;
    return file === undefined ? [] : [{ name, digest: { sha256: file.sha256 } }];
  });
  return subjects.length === 0 || subjects.length < targets.length ? null : subjects;
}

function againstOf({ sha256, targets }: Against): Pick<Against, 'sha256' | 'targets'> {
  return { ...(sha256 === undefined ? {} : { sha256 }), targets };
}
