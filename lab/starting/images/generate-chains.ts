import type { Random } from '../../../fuzz/random.ts';
import type { Recipe } from './compile.ts';
import { type ChainLink, type Defect, defects } from './defects.ts';
import type { ImageCase } from './image-case.ts';
import type { Lab } from './lab.ts';
import { kindOf } from './lab-roots.ts';
import { canBuild, dynamicKinds, type ProgramKind, plainKind, recipeOf } from './program-kinds.ts';
import { libcFor } from './root-libc.ts';
import { pickWay, plainWay, type SearchWay } from './search-ways.ts';
import { pickSurroundings, type Surroundings } from './surroundings.ts';

export interface Plan {
  readonly kind: ProgramKind;
  /** Of each library, the one that the program needs first. */
  readonly ways: readonly SearchWay[];
  /** The library that it concerns. */
  readonly at: number;
  readonly defect: Defect | null;
  readonly around: Surroundings;
}

const letters = ['a', 'b', 'd', 'e'] as const;

/** A program and one to four libraries, of which each needs the next; with one thing wrong, or odd, or nothing. */
export function generateChain(random: Random, base: string): ImageCase {
  const root = kindOf(base);
  const depth = 1 + random.below(4);
  const at = random.below(depth);
  const special = random.oneIn(2) ? pickWay(random, root.libc) : plainWay;
  const isBroken = special === plainWay ? !random.oneIn(4) : random.oneIn(6);
  const kinds = dynamicKinds.filter((kind) => canBuild(kind, root.machine, libcFor(root)));
  const plan: Plan = {
    kind: random.oneIn(2) ? plainKind : (random.any(kinds) ?? plainKind),
    ways: letters.slice(0, depth).map((_, index) => (index === at ? special : plainWay)),
    at,
    defect: isBroken ? random.pick(defects) : null,
    around: pickSurroundings(random),
  };
  return chainCase(base, plan);
}

export function chainCase(base: string, plan: Plan): ImageCase {
  const { around } = plan;
  return {
    name: nameOf(plan),
    base,
    image: { ...around.image, env: [...plan.ways.flatMap(({ env }) => env), ...around.env] },
    program: around.program,
    make: (lab) => makeChain(lab, plan),
  };
}

function nameOf({ kind, ways, at, defect, around }: Plan): string {
  const chain = ways.length === 1 ? '' : `, library ${at + 1} of ${ways.length}`;
  const way = ways[at] ?? plainWay;
  const wrong = defect === null ? '' : `, a library ${defect.name}`;
  return `${kind.name}${chain} ${way.name}${wrong}${around.name}`;
}

function makeChain(lab: Lab, { kind, ways, at, defect, around }: Plan): void {
  const { machine } = lab.base;
  const libc = libcFor(lab.base);
  let next: string[] = [];
  let flags: readonly string[] = [];
  for (let index = ways.length - 1; index >= 0; index -= 1) {
    const way = ways[index] ?? plainWay;
    const link = installLink(
      lab,
      index,
      way,
      next,
      flags,
      index + 1 < ways.length,
      index === at ? defect : null,
    );
    if (index === at) defect?.apply(lab, link.link);
    next = [link.file];
    flags = way.flags;
  }
  const program = recipeOf({ kind, machine, libc, calls: ['a'], with: next, flags });
  around.install(lab, lab.compile(program));
  for (const [index, way] of ways.entries()) way.prepare(lab, fileOf(index));
}

function fileOf(index: number): string {
  return `lib${letters[index] ?? 'z'}.so`;
}

function installLink(
  lab: Lab,
  index: number,
  way: SearchWay,
  needs: readonly string[],
  flags: readonly string[],
  hasNext: boolean,
  defect: Defect | null,
): { readonly link: ChainLink; readonly file: string } {
  const name = fileOf(index);
  const defines = letters[index] ?? 'z';
  const following = letters[index + 1] ?? 'z';
  const { machine } = lab.base;
  const recipe: Recipe = {
    machine,
    libc: libcFor(lab.base),
    mode: 'lib',
    name,
    soname: way.soname?.(name) ?? name,
    source: hasNext
      ? `int ${following}(void); int ${defines}(void) { return ${following}(); }`
      : `int ${defines}(void) { return 42; }`,
    with: needs,
    flags,
  };
  const file = lab.compile({ ...recipe, flags: [...flags, ...(defect?.linkedFlags ?? [])] });
  const path = `${way.folder}/${name}`;
  lab.install(file, path);
  const link: ChainLink = {
    name,
    defines,
    path,
    machine,
    libc: recipe.libc,
    rebuilt: ({ flags: more = [], ...change }) =>
      lab.compile({
        ...recipe,
        ...change,
        ...(change.machine === undefined ? {} : { with: [], libc: 'glibc' }),
        flags: [...flags, ...more],
      }),
  };
  return { link, file };
}
