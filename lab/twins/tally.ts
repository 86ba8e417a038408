import { layOut } from '../table.ts';
import type { Level, Twins } from './twins.ts';

/** What hullcheck says of a stripped program, with how it was built and what objdump shows of its twin. */
export interface Compared {
  readonly twins: Twins;
  /** Of the rule `stack-protector`. */
  readonly outcome: string;
  readonly level: Level | 'little' | null;
  /** Functions with a canary, by either. */
  readonly guarded: number;
  readonly found: number;
  /** Names of functions that objdump shows guarded and hullcheck does not see, and the other way round. */
  readonly missed: readonly string[];
  readonly invented: readonly string[];
}

/** The level needs enough functions to distinguish `strong` from `all`; presence and functions must be right everywhere. */
const levelsRight = 0.95;

/** A table: per target, how many of the twins are right in presence, level and functions. */
export function describe(compared: readonly Compared[]): string {
  const targets = [...new Set(compared.map(targetOf))];
  const rows = [...targets, 'all'].map((target) => {
    const some = compared.filter((one) => target === 'all' || targetOf(one) === target);
    const functions = some.reduce((sum, { guarded }) => sum + guarded, 0);
    return [
      target,
      share(some, hasRightPresence),
      share(some, hasRightLevel),
      share(some, hasRightFunctions),
      String(functions),
    ];
  });
  return layOut([
    ['stripped twins right in', 'presence', 'level', 'functions', 'guarded functions'],
    ...rows,
  ]);
}

/** A line for every twin that is not right, then what is not allowed; empty when all is well. */
export function shortcomings(compared: readonly Compared[]): string[] {
  const presence = compared
    .filter((one) => !hasRightPresence(one))
    .map(({ twins, outcome }) => `presence: ${twins.name} is ${outcome}`);
  const functions = compared
    .filter((one) => !hasRightFunctions(one))
    .map((one) => `functions: ${one.twins.name}: ${describeDifference(one)}`);
  const right = compared.filter(hasRightLevel).length;
  if (right >= levelsRight * compared.length) return [...presence, ...functions];
  return [
    ...presence,
    ...functions,
    `level: right in ${right} of ${compared.length}, expected 95 %`,
  ];
}

/** Levels that are not right, which may be a few. */
export function wrongLevels(compared: readonly Compared[]): string[] {
  return compared
    .filter((one) => !hasRightLevel(one))
    .map(({ twins, level }) => `level: ${twins.name} looks like ${level ?? 'no level'}`);
}

function describeDifference({ guarded, found, missed, invented }: Compared): string {
  const some = (names: readonly string[]) => names.slice(0, 5).join(' ');
  return `objdump ${guarded}, hullcheck ${found}; not seen: ${some(missed)}; seen only by hullcheck: ${some(invented)}`;
}

function hasRightPresence({ twins, outcome }: Compared): boolean {
  return outcome === (twins.level === 'none' ? 'fail' : 'pass');
}

/** Without any canary there is no level. */
function hasRightLevel(one: Compared): boolean {
  return one.twins.level === 'none' ? hasRightPresence(one) : one.level === one.twins.level;
}

function hasRightFunctions({ missed, invented }: Compared): boolean {
  return missed.length === 0 && invented.length === 0;
}

/** The name without project, level and optimisation: machine, libc, compiler, mode. */
function targetOf({ twins }: Compared): string {
  return twins.name.split('-').slice(0, 4).join('-');
}

function share(some: readonly Compared[], isRight: (one: Compared) => boolean): string {
  return `${some.filter(isRight).length}/${some.length}`;
}
