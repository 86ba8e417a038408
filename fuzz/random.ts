/** Everything a run decides by chance, the same for the same seed. */
export interface Random {
  /** A whole number from 0 and below the bound; 0 for a bound of 0. */
  below(bound: number): number;
  /** True once in so many times. */
  oneIn(count: number): boolean;
  pick<const T>(choices: readonly [T, ...T[]]): T;
  /** One of the choices; undefined when there are none. */
  any<T>(choices: readonly T[]): T | undefined;
}

/** SplitMix32: unlike a linear congruential generator, neighbouring seeds have nothing in common. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (bound: number) => Math.floor((next() / 2 ** 32) * bound);
  return {
    below,
    oneIn: (count) => below(count) === 0,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    any: (choices) => choices[below(choices.length)],
  };
}
