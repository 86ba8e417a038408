import {
  defineRule,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  pass,
  type Severity,
} from '../../src/judge/rule.ts';

type Needs = 'overwritable' | 'placement';
type Writer = Exclude<KnownFacts<Needs>['overwritable'], { who: 'nobody' | 'no-root' }>;

export default defineRule({
  title: 'Only root can replace the binary',
  severity: 'medium',
  otherSeverities: ['high', 'low'],
  securitySeverity: 6.5,
  cwe: [732, 276],
  since: '0.1.0',
  rationale: `Anyone who can write to a program, to a library or to a directory above it decides what the next process
that loads it does, with the rights of that process. An attacker who got into a service as its own user stays there
after a restart, and reaches everyone else who runs the file. Files that belong to root cannot be changed by a process
that does not run as root.`,
  evidence: `Owner, group and mode of the file and of every directory above it in the image (\`namei -l FILE\`). Anyone
who can write to a directory can replace what is in it, unless it has the sticky bit. Access control lists are not
read.`,
  remediation: {
    image:
      'Copy as root (`COPY --chown=root:root --chmod=755`), and keep what the service must write in a directory of its own; `chmod -R go-w DIR` for directories.',
    alpine: 'Install with `install -Dm755` in `package()`; abuild packs files as root by default.',
    debian: 'Let `dh_fixperms` run, and leave `chown` out of `postinst` where only data needs it.',
  },
  references: [
    'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
    'https://man7.org/linux/man-pages/man7/inode.7.html',
  ],
  exempt: {
    ...kindsOf(['object', 'record'], (called) => `${called} is not loaded by a process`),
  },
  judgesPacked: true,
  // A bare file lies in no root: what the rule says of roots is in test/root.
  samples: {
    pass: ['alpine-app.docker.tar:/usr/local/bin/server'],
    fail: ['root-cases.tar:/usr/bin/writable'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened'],
  },
  needs: ['overwritable', 'placement'],
  check({ overwritable: writer, placement }) {
    const nowhere = 'there is no root filesystem around the file';
    if (writer.who === 'no-root') return notApplicable(nowhere);
    if (placement.where === 'bare-file') return notApplicable(nowhere);
    if (writer.who === 'nobody') {
      return pass('the file and the directories above it can be changed by root alone');
    }
    const mode = (placement.mode & 0o7777).toString(8).padStart(4, '0');
    const evidence = [
      { what: 'can be changed through', saw: writer.through },
      { what: 'mode, uid and gid of the file', saw: `${mode} ${placement.uid}:${placement.gid}` },
    ];
    return fail(`${describe(writer)} can replace it, through ${writer.through}`, evidence, {
      severity: weightOf(writer),
    });
  },
});

function describe(writer: Writer): string {
  return writer.who === 'everybody' ? 'everybody' : `${writer.who} ${writer.id}`;
}

/** A group may be one that an administrator joined; one user is often the one that the image is meant to run as. */
function weightOf({ who }: Writer): Severity {
  return who === 'everybody' ? 'high' : who === 'group' ? 'low' : 'medium';
}
