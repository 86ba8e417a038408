import type { Remedies } from '../../base/verdict.ts';
import { installRemedies } from '../system/alpine-packages.ts';
import type { StartCause } from './cause.ts';
import type { Start } from './start.ts';

type Failure = Extract<Start, { state: 'fails' }>;

/** What fixes the cause that ended the start; nothing where the rule's own advice says as much. */
export function adviceFor(failure: Failure): Remedies {
  const { cause, missing } = failure;
  switch (cause.kind) {
    case 'library':
      return libraryAdvice(cause.of, missing);
    case 'interpreter':
      return isBash(cause.of) ? bashAdvice : interpreterAdvice;
    default:
      return advice[cause.kind] ?? {};
  }
}

/**
 * The one way that starts in every root, hardened: CGO_ENABLED=0 and -buildmode=pie together require a loader again.
 */
export const goStatically =
  'Link it statically, as `pie` and `relro` want it too: `CGO_ENABLED=1 go build -buildmode=pie -ldflags \'-linkmode=external "-extldflags=-static-pie -Wl,-z,relro,-z,now"\'` (needs gcc). `CGO_ENABLED=0` starts as well, at a fixed address, but not together with `-buildmode=pie`: together they require a loader.';

const advice: Readonly<Partial<Record<StartCause['kind'], Remedies>>> = {
  'line-ends': image(
    'Save the script with LF line ends (`dos2unix FILE`, and `*.sh text eol=lf` in .gitattributes).',
  ),
  user: image(
    'Create the user before USER names it (`adduser -D NAME` on Alpine, `useradd NAME` on Debian), or set USER to a number.',
  ),
  machine: {
    go: 'Build for the machine of the image: `GOOS=linux GOARCH=...`.',
    image:
      'Build for the platform of the image, or copy from a stage of that platform (`FROM --platform=...`). Where the programs are right, publish the image for their platform.',
  },
  closed: image(
    'Let USER execute the file and enter every folder above it (`COPY --chmod=755`, `chmod a+x PATH`).',
  ),
  missing: image(
    'Name a file that the image has (compare the command with what COPY put there, with PATH and with WORKDIR).',
  ),
  applet: {
    alpine:
      'Install the package that has the program (`apk add busybox-extras` for ftpd, httpd, telnet and telnetd), or name an applet that `busybox --list` has.',
    image: 'Install a package that has the program, or name an applet that `busybox --list` has.',
  },
  'not-a-file': image('Name a file: what the command names is none, or leads through none.'),
  format: image(
    'Begin the script with `#!/bin/sh`, in its very first bytes (without a byte order mark), or copy the program that was meant.',
  ),
  loader: image(
    'Copy the loader and the libraries along with the program, build it statically, or choose a base image with its libc.',
  ),
  'not-for-musl': {
    go: goStatically,
    rustc: 'Build with `--target x86_64-unknown-linux-musl`.',
    image:
      'Build it for musl (a stage `FROM alpine`, a `linux-musl` target for Rust) or link it statically (Go: `-extldflags=-static-pie`).',
  },
  'working-directory': image('Set WORKDIR to a directory.'),
  rights: image(
    'Leave USER unset where the entry point becomes another user by itself, or start the program without it.',
  ),
  options: image('Give the shell or starter options that it has, each as a word of its own.'),
};

const bashAdvice: Remedies = {
  alpine: 'Install bash with `apk add bash`, or begin the script with `#!/bin/sh`.',
  image: 'Install bash, or begin the script with `#!/bin/sh`.',
};

const interpreterAdvice = image(
  'Install the interpreter that the first line names, or name one that the image has.',
);

function isBash(path: string): boolean {
  return /^\/(?:usr\/)?(?:local\/)?s?bin\/bash$/.test(path);
}

/** A package brings no library that the image has already, and none of another libc than its own. */
function libraryAdvice(name: string, missing: Failure['missing']): Remedies {
  const { libc = 'musl', elsewhere = null } = missing ?? {};
  return elsewhere === null ? installRemedies(name, libc) : pathRemedies(elsewhere);
}

/** Of a library that lies where its loader does not look. */
export function pathRemedies(library: string): Remedies {
  const directory = library.replace(/\/[^/]*$/, '') || '/';
  return image(
    `Set LD_LIBRARY_PATH to \`${directory}\`, or give the program a run path: \`patchelf --set-rpath ${directory} FILE\`.`,
  );
}

function image(text: string): Remedies {
  return { image: text };
}
