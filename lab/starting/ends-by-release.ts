import type { Fate, StartingCase } from './starting-case.ts';
import type { DebianSuite, Glibc, Workshop } from './workshop.ts';

/** How it ends with the glibc of each release, where they differ. */
export type Ends = Fate | Readonly<Record<DebianSuite, Fate>>;

/** A case of any glibc: `make` gets the one to build with. */
export type ReleaseCase = Omit<StartingCase, 'base' | 'ends' | 'make'> & {
  readonly ends: Ends;
  make(workshop: Workshop, libc: Glibc): void;
};

/** `after` from that release on. */
export function since(suite: 'bookworm' | 'trixie', before: Fate, after: Fate): Ends {
  return { bullseye: before, bookworm: suite === 'trixie' ? before : after, trixie: after };
}

/** The cases of one glibc: `glibc` is the one of the machine, which is Debian 12. */
export function casesFor(cases: readonly ReleaseCase[], libc: Glibc): readonly StartingCase[] {
  const suite = libc === 'glibc' ? 'bookworm' : libc;
  return cases.map(({ ends, make, ...more }) => ({
    ...more,
    base: libc,
    ends: typeof ends === 'string' ? ends : ends[suite],
    make: (workshop) => make(workshop, libc),
  }));
}
