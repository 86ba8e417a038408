import type { Remedies } from '../../verdict.ts';
import { installRemedies } from '../alpine-packages.ts';
import type { Start } from './start.ts';

type Failure = Extract<Start, { state: 'fails' }>;

/** By what is printed or said; the first that fits. */
const advice: readonly (readonly [RegExp, Remedies])[] = [
  [
    /CR LF/,
    image(
      'Save the script with LF line ends (`dos2unix FILE`, and `*.sh text eol=lf` in .gitattributes).',
    ),
  ],
  [
    /^unable to find (?:user|group)/,
    image(
      'Create the user before USER names it (`adduser -D NAME` on Alpine, `useradd NAME` on Debian), or set USER to a number.',
    ),
  ],
  [
    /exec format error.* for /,
    {
      go: 'Build for the machine of the image: `GOOS=linux GOARCH=...`.',
      image:
        'Build for the platform of the image, or copy from a stage of that platform (`FROM --platform=...`).',
    },
  ],
  [
    /permission denied|cannot be executed/i,
    image(
      'Let USER execute the file and enter every folder above it (`COPY --chmod=755`, `chmod a+x PATH`).',
    ),
  ],
  [
    /its loader .*the libc here is musl/,
    {
      go: 'Build with `CGO_ENABLED=0`, which needs no loader.',
      rustc: 'Build with `--target x86_64-unknown-linux-musl`.',
      image:
        'Build it for musl (a stage `FROM alpine`; `CGO_ENABLED=0` for Go, a `linux-musl` target for Rust) or link it statically.',
    },
  ],
  [
    /its loader .*(?:cannot be opened|missing)/,
    image(
      'Copy the loader and the libraries along with the program, build it statically, or choose a base image with its libc.',
    ),
  ],
  [
    /asks for "?\/(?:usr\/)?(?:local\/)?s?bin\/bash/,
    {
      alpine: 'Install bash with `apk add bash`, or begin the script with `#!/bin/sh`.',
      image: 'Install bash, or begin the script with `#!/bin/sh`.',
    },
  ],
  [
    /asks for /,
    image('Install the interpreter that the first line names, or name one that the image has.'),
  ],
  [
    /executable file not found in \$PATH|no such file or directory|not found \(/i,
    image(
      'Name a file that the image has (compare the command with what COPY put there, with PATH and with WORKDIR).',
    ),
  ],
];

/** What fixes the cause that ended the start. */
export function adviceFor(failure: Failure): Remedies {
  if (failure.library !== undefined) return installRemedies(failure.library);
  const said = `${failure.prints} (${failure.because})`;
  return advice.find(([pattern]) => pattern.test(said))?.[1] ?? {};
}

function image(text: string): Remedies {
  return { image: text };
}
