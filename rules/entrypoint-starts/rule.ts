import {
  adviceFor,
  defineImageRule,
  type Evidence,
  fail,
  goStatically,
  type KnownImageFacts,
  nameOfCause,
  notApplicable,
  pass,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';

export default defineImageRule({
  title: 'The image starts what it names',
  severity: 'high',
  otherSeverities: ['medium'],
  securitySeverity: 5.0,
  cwe: [1104],
  since: '0.1.0',
  rationale: `An image whose ENTRYPOINT or CMD cannot be started fails only after it is deployed: the container exits before its program
has run, and what it prints (\`exec /app: no such file or directory\`, though the file is there) seldom names the cause.`,
  evidence: `The start is followed link by link. The machine of what is started is compared with the platform of the image. ENTRYPOINT
and CMD are resolved as runtimes do: as USER, from WorkingDir, through PATH of ENV, with the permissions of the file and of
every folder on the way. Then Linux: first lines that begin with \`#!\`, the ELF header and program headers, the loader of PT_INTERP.
Then that loader: libraries, symbol versions and symbols, as \`loadable\` does for every other program. Programs that only start
another one (\`tini\`, \`env\`, \`sh -c "exec ..."\`) are followed, and so is a script to its last command (\`exec "$@"\`), where that is
plain: what is missing there is a failure where the lines before only set and print, and unknown where they may bring it. What else
a shell or a program does is not judged. Access lists of files count, and what is mounted at /proc, /sys, /dev and at volumes is unknown.

The platform of an image is a label: runtimes choose by it, and the kernel looks at the program. What no machine of that platform
starts fails. A program of the other width of its family fails with medium severity, as what starts only on a part of them: x86-64 in an
image for 386 and AArch64 in one for arm (a 64-bit kernel starts it, the one that the label names does not), arm in one for arm64
(processors without 32-bit programs do not), x32 anywhere. The rest of the start is followed on a machine that starts it.
i386 in an image for amd64 starts. A static program of glibc starts without the libraries
that it opens to look up users and hosts: what it does not know by itself (since glibc 2.34 files and DNS) it does not find.`,
  remedied: 'root',
  remediation: {
    image:
      'Name a file that the image has, that USER may execute, and that is built for the platform and the libc of the image.',
    alpine:
      'Install the interpreter of a script (`apk add bash` for `#!/bin/bash`). Build programs on Alpine or link them statically: a program built for glibc does not find its loader on Alpine.',
    debian:
      'Install what the script or program requires: `apt-file search NAME` names the package.',
    go: goStatically,
    rustc: 'Build for the machine and the libc of the image (`--target`).',
  },
  references: [
    'https://man7.org/linux/man-pages/man2/execve.2.html',
    'https://github.com/opencontainers/image-spec/blob/main/config.md',
  ],
  samples: {
    pass: ['starts.docker.tar:well', 'alpine-app.docker.tar:1.0'],
    fail: [
      'starts.docker.tar:missing',
      'starts.docker.tar:closed',
      'starts.docker.tar:foreign',
      'starts.docker.tar:no-shell',
    ],
    unknown: ['starts.docker.tar:relative'],
    'not-applicable': ['starts.docker.tar:no-command'],
  },
  needs: ['start'],
  check({ start }) {
    switch (start.state) {
      case 'no-command':
        return notApplicable('the image names no command, so the user has to give one');
      case 'other-system':
        return notApplicable(`the image is for ${start.platform}: Linux does not start it`);
      case 'starts':
        return pass(startsText(start), evidenceOf(start));
      case 'undecided': {
        const { undecidedBy } = start;
        const cause = undecidedBy === undefined ? {} : { undecidedBy };
        return unknown(start.because, evidenceOf(start), cause);
      }
      case 'fails':
        return failure(start);
    }
  },
});

type Start = KnownImageFacts<'start'>['start'];

function failure(start: Extract<Start, { state: 'fails' }>): Verdict {
  const cause = nameOfCause(start.cause);
  const evidence = [...evidenceOf(start), { what: 'cause', saw: cause }];
  if (start.onlyOn !== undefined)
    return fail(`it starts only on ${start.onlyOn}: ${start.because}`, evidence, {
      severity: 'medium',
      remedies: adviceFor(start),
      cause,
    });
  return start.atFirstCall
    ? fail(`it starts, and dies at the first call: ${start.because}`, evidence, {
        severity: 'medium',
        cause,
      })
    : fail(`it will not start: ${start.prints} (${start.because})`, evidence, {
        remedies: adviceFor(start),
        cause,
      });
}

function startsText({ program, beyond }: Extract<Start, { state: 'starts' }>): string {
  return `${program} starts${beyond === null ? '' : `; ${beyond}`}`;
}

function evidenceOf({ links }: Extract<Start, { links: unknown }>): readonly Evidence[] {
  return links.map(({ what, saw }) => ({ what, saw }));
}
