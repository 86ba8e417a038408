import { UsageError } from '../base/errors.ts';

/** The inputs of action.yml by their names; one that was not given is absent or empty. */
export type Inputs = Readonly<Record<string, string | undefined>>;

export interface ActionFiles {
  /** Markdown, for the job summary. */
  readonly summary: string;
  /** Where annotations go that were asked of standard output: they are commands to the runner. */
  readonly annotations: string;
}

/**
 * What the program is started with. Anyone may have written the inputs: each line is one argument, and none is part of a command line.
 * Throws UsageError.
 */
export function argumentsOf(inputs: Inputs, files: ActionFiles): readonly string[] {
  const value = (name: string) => inputs[name]?.trim() ?? '';
  const against = value('against');
  const images = linesOf(inputs['image']);
  const output = value('output') || 'hullcheck.sarif';
  if (output.includes('\n')) throw new UsageError('output must name one file');
  const more = linesOf(inputs['args']);
  const formats = linesOf(inputs['formats']);
  for (const line of more) refuseJoined(line);
  if (against !== '') refuseBoth(against, inputs, { images, formats, more });
  const option = (name: string) => (value(name) === '' ? [] : [`--${name}=${value(name)}`]);
  const options = [
    ...['profile', 'fail-on', 'config', 'baseline', 'platform'].flatMap(option),
    ...cacheOf(value('cache')),
    ...['-o', 'text', '-o', `sarif=${output}`, '-o', `markdown=${files.summary}`],
    ...formats.flatMap((format) => ['-o', format]),
    ...more,
  ];
  const words = withAnnotations(options, files.annotations);
  return against === '' ? [...words, '--', ...images] : ['diff', against, ...images, ...words];
}

export function linesOf(text = ''): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `FORMAT=FILE` of each report that goes to a file, in order. */
export function reportsIn(words: readonly string[]): readonly (readonly [string, string])[] {
  return words.flatMap((word, at) => {
    const [, format, file] = /^(\w+)=(.+)$/s.exec(outputAt(words, at) ?? '') ?? [];
    return format === undefined || file === undefined || word === '--' ? [] : [[format, file]];
  });
}

/** The value of `-o`, if this word is one, or has one: `-o json`, `--output json`, `--output=json`, `-o=json`, `-ojson`. */
function outputAt(words: readonly string[], at: number): string | null {
  const end = words.indexOf('--');
  if (end !== -1 && at > end) return null;
  if (/^(?:-o|--output)$/.test(words[at - 1] ?? '')) return words[at] ?? null;
  return /^(?:--output=|-o=?)(?!$)(.*)$/s.exec(words[at] ?? '')?.[1] ?? null;
}

function withAnnotations(words: readonly string[], file: string): readonly string[] {
  return words.map((word, at) => {
    if (outputAt(words, at) !== 'github') return word;
    return `${word === 'github' ? '' : '--output='}github=${file}`;
  });
}

/** `false` for none, a folder, or nothing for the program's own. */
function cacheOf(cache: string): readonly string[] {
  if (cache === '' || cache === 'true') return [];
  return cache === 'false' ? ['--no-cache'] : [`--cache-dir=${cache}`];
}

function refuseJoined(line: string): void {
  const [, name, value] = /^(--?[\w-]+)\s+(\S.*)$/s.exec(line) ?? [];
  if (name !== undefined)
    throw new UsageError(
      `args has ${name} ${value} in one line: each argument has a line of its own, or is written ${name}=${value}`,
    );
}

const onlyScans =
  /^--(?:baseline|update-baseline|coverage|maximum|allow-empty|input-list|base|timeout)(?==|$)/;

interface Lines {
  readonly images: readonly string[];
  readonly formats: readonly string[];
  readonly more: readonly string[];
}

/** A comparison has no use for what only a scan by itself has. */
function refuseBoth(against: string, inputs: Inputs, { images, formats, more }: Lines): void {
  if ((inputs['baseline'] ?? '').trim() !== '')
    throw new UsageError(
      'with against, there can be no baseline: both say what is known already; leave out one of the two',
    );
  for (const [where, lines] of Object.entries({ formats, args: more }))
    for (const [at, line] of lines.entries()) {
      const [option] = onlyScans.exec(line) ?? [];
      if (option !== undefined)
        throw new UsageError(
          `with against, ${where} cannot have ${option}: a comparison asks what got worse; leave out one of the two`,
        );
      const format = where === 'formats' ? line : (outputAt(lines, at) ?? '');
      const [list] = /^(?:csv|jsonl|cyclonedx)(?==|$)/.exec(format) ?? [];
      if (list !== undefined)
        throw new UsageError(
          `with against, ${where} cannot have the format ${list}: it lists one scan; leave out one of the two`,
        );
    }
  if (/^-|\n/.test(against)) throw new UsageError('against must name one file or image');
  if (images.length !== 1 || images[0]?.startsWith('-'))
    throw new UsageError('with against, image must name one file or image');
}
