import type { AdbValues } from './adb-values.ts';

/** What a package of apk-tools 3 says of itself; '' where it says nothing. */
export interface AdbIdentity {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly license: string;
  /** The recipe that it was built by. */
  readonly origin: string;
  readonly maintainer: string;
  readonly url: string;
  /** In hexadecimal digits. */
  readonly commit: string;
}

const info = 1;
/** A value longer than this is not a name. */
const longestValue = 256;

/** Throws MalformedInput. */
export function adbIdentity(values: AdbValues): AdbIdentity {
  const given = values.object(values.value(values.root(), info));
  const text = (field: number, encoding: 'utf8' | 'hex' = 'utf8') =>
    values.blob(values.value(given, field))?.toString(encoding, 0, longestValue) ?? '';
  return {
    name: text(1),
    version: text(2),
    architecture: text(5),
    license: text(6),
    origin: text(7),
    maintainer: text(8),
    url: text(9),
    commit: text(10, 'hex'),
  };
}
