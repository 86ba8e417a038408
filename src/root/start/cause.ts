/** What kind of thing ended a start. The advice follows it, and it is part of what a baseline or a waiver knows. */
export const causeKinds = [
  /** No such file, by a path or in PATH. */
  'missing',
  /** A program that the BusyBox of the image does not hold. */
  'applet',
  /** A file that the user may not execute or read, or a folder that is closed to the user. */
  'closed',
  /** A directory, a device, or a path through something that is not a directory. */
  'not-a-file',
  /** Neither an ELF file nor a script. */
  'format',
  /** A script whose first line ends as on Windows. */
  'line-ends',
  /** The interpreter of a script. */
  'interpreter',
  /** A program for another machine than the image. */
  'machine',
  /** An ELF file that Linux refuses. */
  'kernel',
  /** A program that dies before its first instruction, or by it. */
  'fault',
  /** The loader of a program. */
  'loader',
  /** The loader of a program that was built for another libc than the one that is here, musl. */
  'not-for-musl',
  'library',
  /** A library that is there, and is refused. */
  'refused',
  'version',
  'symbol',
  'user',
  'working-directory',
  'arguments',
  /** What a shell or a starter is given. */
  'options',
  /** What only root may do. */
  'rights',
] as const;

export interface StartCause {
  readonly kind: (typeof causeKinds)[number];
  /** The path, name or word that it is about; '' where there is none. */
  readonly of: string;
}

export function cause(kind: StartCause['kind'], of: string = ''): StartCause {
  return { kind, of };
}

/** `library libssl.so.3`: the same in every build of the image that fails for the same cause. */
export function nameOfCause({ kind, of }: StartCause): string {
  return of === '' ? kind : `${kind} ${of}`;
}
