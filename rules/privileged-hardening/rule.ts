import {
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  notApplicable,
  notStarted,
  pass,
} from '../../src/judge/rule.ts';

type Needs = 'placement' | 'loadAddress' | 'relro' | 'bindNow' | 'stackSegment';
type InRoot = Extract<KnownFacts<Needs>['placement'], { where: 'root' }>;

export default defineRule({
  title: 'A program with privileges of its own has every basic mitigation',
  severity: 'high',
  securitySeverity: 7.8,
  cwe: [250, 693],
  since: '0.1.0',
  rationale: `A program that is setuid, setgid or has file capabilities takes its arguments, environment and open files from
a user and runs with rights that this user does not have. One memory error in it is a way to root, and mitigations are
all that stands between the error and its use. What is a recommendation for other programs is required here.`,
  evidence: `Mode bits and the attribute \`security.capability\` of the file in the image (\`ls -l\`, \`getcap FILE\`),
and what the headers of the file show for certain: a load address that changes (PIE), function pointers that are
read-only before
the program runs (full RELRO, bound at start), and a stack that is not executable (\`readelf -l -d FILE\`).`,
  remediation: {
    gcc: '`-fPIE -pie -Wl,-z,relro,-z,now,-z,noexecstack`',
    clang: '`-fPIE -pie -Wl,-z,relro,-z,now,-z,noexecstack`',
    rustc: '`-C relocation-model=pie -C relro-level=full`, which are the defaults.',
    go: '`-buildmode=pie`, and `-ldflags=-bindnow` (Go 1.22) or external linking with `-z now`.',
    alpine: "Alpine's gcc does all of it: look for flags that the package's build replaces.",
    debian: '`DEB_BUILD_MAINT_OPTIONS = hardening=+all`',
    image:
      'Remove the privilege if it is not needed: `chmod u-s,g-s FILE`, `setcap -r FILE`; most images need no setuid program.',
  },
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://wiki.debian.org/Hardening',
  ],
  exempt: {
    ...notStarted,
    'shared-library': 'privileges of a library have no effect',
  },
  // A bare file lies in no root: what the rule says of roots is in test/root.
  samples: {
    pass: ['alpine-app.docker.tar:/bin/bbsuid', 'alpine-app.docker.tar:/usr/local/bin/server'],
    fail: ['root-cases.tar:/usr/bin/setuid'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened'],
  },
  needs: ['placement', 'loadAddress', 'relro', 'bindNow', 'stackSegment'],
  check(facts) {
    const { placement } = facts;
    if (placement.where === 'bare-file') {
      return notApplicable('there is no root filesystem around the file');
    }
    const privileges = privilegesOf(placement);
    if (privileges.length === 0) return notApplicable('it has no privileges of its own');
    const lacks = lacking(facts);
    const evidence: Evidence[] = [
      { what: 'privileges', saw: privileges.join(', ') },
      ...lacks.map((saw) => ({ what: 'lacks', saw })),
    ];
    const who = `it is ${privileges.join(', ')}`;
    return lacks.length === 0
      ? pass(`${who}, and has every basic mitigation`, evidence)
      : fail(`${who}, and lacks ${lacks.join(', ')}`, evidence);
  },
});

function privilegesOf({ setuid, setgid, uid, gid, capabilities }: InRoot): string[] {
  return [
    ...(setuid ? [uid === 0 ? 'setuid root' : `setuid ${uid}`] : []),
    ...(setgid ? [gid === 0 ? 'setgid root' : `setgid ${gid}`] : []),
    ...capabilities,
  ];
}

/** Only what is certain: states that headers do not show are left to the rules named after them. */
function lacking({ loadAddress, relro, bindNow, stackSegment }: KnownFacts<Needs>): string[] {
  const isBoundLate = bindNow.requests.length === 0 && (bindNow.lazySlots ?? 0) > 0;
  const isWithoutRelro =
    relro.state === 'none' && (relro.relocations !== 0 || relro.tables === true);
  return [
    ...(loadAddress.chosenBy !== 'loader' && loadAddress.chosenBy !== 'caller'
      ? ['a changing load address (PIE)']
      : []),
    ...(relro.state === 'partial' || isWithoutRelro ? ['full RELRO'] : []),
    ...(isBoundLate ? ['binding at start (BIND_NOW)'] : []),
    ...(stackSegment.executable === true ? ['a stack that is not executable'] : []),
  ];
}
