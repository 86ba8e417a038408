export const levels = ['none', 'plain', 'strong', 'all'] as const;
export type Level = (typeof levels)[number];

/** A program that was built with symbols, and again without them. */
export interface Twins {
  readonly name: string;
  readonly machine: string;
  readonly mode: string;
  readonly level: Level;
}

/** Reads twins.tsv: name, machine, mode, level. */
export function readTwins(text: string): Twins[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', machine = '', mode = '', word = ''] = line.split('\t');
      const level = levels.find((one) => one === word);
      if (level === undefined)
        throw new Error(`${name}: level ${word}, expected one of ${levels.join(', ')}`);
      return { name, machine, mode, level };
    });
}
