import type { Damage } from '../../base/verdict.ts';
import type { StartCause } from './cause.ts';
import type { Narrower } from './program/platform-machine.ts';

/** How starting an image went on paper: link by link, as runtime, kernel and loader decide it. */
export type Start =
  /** Neither ENTRYPOINT nor CMD: the user names what it starts. */
  | { readonly state: 'no-command' }
  /** Not of Linux: another kernel decides. */
  | { readonly state: 'other-system'; readonly platform: string }
  | {
      readonly state: 'starts';
      readonly links: readonly StartLink[];
      /** Path of the program that runs at the end of what is certain. */
      readonly program: string;
      /** What is left to the program itself; null where nothing is known to be. */
      readonly beyond: string | null;
    }
  | {
      readonly state: 'fails';
      readonly links: readonly StartLink[];
      /**
       * The message that the user sees, without what runtimes put before it: `exec /app: no such file or directory`.
       */
      readonly prints: string;
      readonly because: string;
      /** Path of the program that the kernel found to be one, and whose start this ends. */
      readonly program?: string;
      readonly cause: StartCause;
      /** Of a library that is missing: the libc that looks for it, and where the image has it anyway. */
      readonly missing?: { readonly libc: string; readonly elsewhere: string | null };
      /** The container runs until the call of a function that is missing. */
      readonly atFirstCall?: true;
      /** It starts there, and not on every machine that the image is for: `a 64-bit kernel`. */
      readonly onlyOn?: string;
    }
  | {
      readonly state: 'undecided';
      readonly links: readonly StartLink[];
      readonly because: string;
      readonly program?: string;
      /** Set where a part of the image could not be read, or reading it would take too much. */
      readonly undecidedBy?: Damage;
    };

/** One link of the chain: who decided, and what. */
export interface StartLink {
  readonly what: string;
  readonly saw: string;
  /** Of a program that not every machine starts that the image is for. */
  readonly narrower?: Narrower & { readonly path: string };
}

/** How one link ended the chain. */
export type StartEnd =
  | Omit<Extract<Start, { state: 'fails' }>, 'links'>
  | Omit<Extract<Start, { state: 'undecided' }>, 'links'>
  | Omit<Extract<Start, { state: 'starts' }>, 'links'>;

export function fails(
  { kind, of }: StartCause,
  prints: string,
  because: string,
): Extract<StartEnd, { state: 'fails' }> {
  const cause = { kind, of: brief(of) };
  return { state: 'fails', prints: brief(prints), because: brief(because), cause };
}

export function undecided(because: string, undecidedBy?: Damage): StartEnd {
  return {
    state: 'undecided',
    because: brief(because),
    ...(undecidedBy === undefined ? {} : { undecidedBy }),
  };
}

/** What a config says may be of any length, and a person reads none of it. */
export function brief(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} …`;
}

const longest = 500;

export function isEnd<T extends object>(value: T | StartEnd): value is StartEnd {
  return 'state' in value;
}
