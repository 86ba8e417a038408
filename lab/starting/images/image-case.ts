import type { Lab } from './lab.ts';

/** What an image's config says; what is left out is left out there too. */
export interface ImageSettings {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value`; PATH is given to every start as engines give it. */
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  /** In the words of OCI; default: that of the base root. */
  readonly architecture?: string;
}

/** An image that is really started, and judged. What is right is what really happens. */
export interface ImageCase {
  readonly name: string;
  /** Name of a root, as in lab-roots.ts. */
  readonly base: string;
  readonly image: ImageSettings;
  /** The file whose verdict of `loadable` counts too; null: none is compared. */
  readonly program: string | null;
  make(lab: Lab): void;
}
