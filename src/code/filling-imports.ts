// supporting: functions of the C library that fill a buffer which their caller makes

interface Filling {
  /** Which argument leads to the buffer. */
  readonly argument: 0 | 1;
  /**
   * What the third argument tells where it is a constant: `least`, at which it is a buffer and no number; null where any constant
   * tells of a copy of a structure. undefined where it is not a size.
   */
  readonly least?: number | null;
}

const writing =
  'strcpy strcat stpcpy strncpy strncat sprintf vsprintf snprintf vsnprintf gets fgets getcwd getwd';
const reading = 'read recv recvfrom pread pread64 readlink';
/** So little is a number or an address. */
const least = 17;

const fillings: ReadonlyMap<string, Filling> = new Map([
  ...writing.split(' ').map((name): [string, Filling] => [name, { argument: 0 }]),
  ...reading.split(' ').map((name): [string, Filling] => [name, { argument: 1, least }]),
  ['realpath', { argument: 1 }],
  // Compilers call it for structures that they pass by value, of which no array is made.
  ['memcpy', { argument: 0, least: null }],
]);

/** null where the function is not one of them. */
export function fillingOf(name: string): Filling | null {
  return fillings.get(name) ?? null;
}
