import { isOlder } from '../../base/is-older.ts';

/** What a kernel was built with, as Kconfig writes it. */
export interface KernelConfiguration {
  /** `6.1.192`, as its first lines give it. */
  readonly version: string;
  /** Folder of the machine in the kernel's sources: `x86`, `arm64`. */
  readonly architecture: string;
  /**
   * By name, without `CONFIG_`: `y`, `m`, a number or a text as it stands, `n` of an option that `is not set`. An option that is not
   * here was not offered: this version, this machine or what is set does not have it.
   */
  readonly options: Readonly<Record<string, string>>;
}

export type ReadConfiguration =
  | { readonly known: true; readonly value: KernelConfiguration }
  | { readonly known: false; readonly because: string; readonly cause: 'damage' | 'limit' };

/** Those of distributions have up to 300 KiB and 12,000 lines. */
export const largestConfiguration = 4 * 1024 * 1024;
const mostLines = 100_000;
const longestValue = 256;

const title = /^# Linux\/(\w{1,32}) (\d{1,3}\.\d{1,3}[\w.+~-]{0,64}) Kernel Configuration$/m;

/** Whether a file with these first bytes is one. Kconfig of other projects writes another name. */
export function looksLikeConfiguration(head: Buffer): boolean {
  return head[0] === 0x23 && title.test(head.toString('latin1', 0, 512));
}

/** A text that is cut lacks options, which would look like options that are not offered. */
export function readConfiguration(bytes: Buffer): ReadConfiguration {
  if (bytes.length > largestConfiguration)
    return not(`it has ${bytes.length} bytes, the limit is ${largestConfiguration}`, 'limit');
  const text = bytes.toString('latin1');
  const [, architecture, version] = title.exec(text.slice(0, 512)) ?? [];
  if (architecture === undefined || version === undefined)
    return not('its first lines do not name a version of Linux', 'damage');
  const options = optionsOf(text);
  if ('because' in options) return options;
  const missing = missingEnd(text, version);
  if (missing !== null) return not(missing, 'damage');
  return { known: true, value: { version, architecture, options: options.found } };
}

type NotRead = Extract<ReadConfiguration, { known: false }>;

function not(because: string, cause: 'damage' | 'limit'): NotRead {
  return { known: false, because: `the configuration of the kernel: ${because}`, cause };
}

const setLine = /^CONFIG_(\w+)=(.*)$/;
const unsetLine = /^# CONFIG_(\w+) is not set$/;

/** Of an option that is there twice the last line counts, as for Kconfig. */
function optionsOf(text: string): { readonly found: Record<string, string> } | NotRead {
  const found: [name: string, value: string][] = [];
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
    start = end < 0 ? text.length : end + 1;
    count += 1;
    if (count > mostLines) return not(`it has more than ${mostLines} lines`, 'limit');
    const [, name, value = ''] = setLine.exec(line) ?? [];
    const unset = unsetLine.exec(line)?.[1];
    if (name !== undefined) found.push([name, value.slice(0, longestValue)]);
    else if (unset !== undefined) found.push([unset, 'n']);
    else if (line !== '' && !line.startsWith('#'))
      return not(`line ${count} is neither an option nor a comment`, 'damage');
  }
  return { found: Object.fromEntries(found) };
}

/** Kconfig closes each menu with a comment since Linux 5.3; before, the last ones have titles alone. */
function missingEnd(text: string, version: string): string | null {
  const lasts = isOlder(/^\d+(?:\.\d+)?/.exec(version)?.[0] ?? '0', '5.4')
    ? ['# Kernel hacking', '# Library routines']
    : ['# end of Kernel hacking'];
  const absent = lasts.find(
    (line) => !text.includes(`\n${line}\n`) && !text.includes(`\n${line}\r`),
  );
  if (absent !== undefined) return `it is cut: the line \`${absent}\` is not there`;
  return text.endsWith('\n') ? null : 'it is cut in its last line';
}
