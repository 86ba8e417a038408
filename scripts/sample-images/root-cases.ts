import { readFileSync } from 'node:fs';
import { directory, file, type LayerEntry } from './image.ts';

/**
 * A root filesystem in which files fail, or stay undecided, by where they lie: what is around them, who may change them, what
 * they may do. `elf` is the folder of the sample binaries.
 */
export function rootCases(elf: string): readonly LayerEntry[] {
  const binary = (path: string, sample: string, mode = 0o755): LayerEntry =>
    file(path, readFileSync(`${elf}/${sample}`), mode);
  return [
    ...['etc', 'lib', 'lib64', 'usr', 'usr/bin', 'usr/lib'].map((path) => directory(path)),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    binary('lib/ld-musl-x86_64.so.1', 'x86_64-musl-gcc-loader'),
    // Not a loader, so it is not known how it searches.
    binary('lib64/ld-linux-x86-64.so.2', 'x86_64-none-gcc-static-tiny'),
    binary('usr/bin/served-by-no-loader', 'x86_64-glibc-gcc-pie-nobuildid'),
    binary('usr/bin/writable', 'x86_64-musl-gcc-pie-alpine-stripped', 0o777),
    binary('usr/bin/setuid', 'x86_64-musl-gcc-nopie-bare', 0o4755),
    binary('usr/bin/mixed', 'x86_64-musl-gcc-pie-needslib'),
    binary('usr/lib/libsample.so.1', 'x86_64-glibc-gcc-lib-hardened'),
  ];
}
