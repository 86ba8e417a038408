import type { Random } from '../../fuzz/random.ts';

const plain = ['a', 'b', 'bin', 'd', 'lib', 'usr', 'x.so'] as const;

/** A lone surrogate stands for a byte that is not UTF-8, as everywhere in hullcheck. */
const odd = [
  'é',
  'a b',
  ' x',
  'new\nline',
  '...',
  '..a',
  'back\\slash',
  '\u202etxt',
  '\udcff\udce9',
  'x.wh.y',
  '-',
  'A',
  `long-${'n'.repeat(120)}`,
  '\u{1f600}',
] as const;

export function plainName(random: Random): string {
  return random.pick(plain);
}

export function oddName(random: Random): string {
  return random.pick(odd);
}
