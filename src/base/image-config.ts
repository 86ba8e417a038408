/** The part of an OCI image config that hullcheck uses; absent fields are empty. */
export interface ImageConfig {
  readonly created: string | null;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workingDirectory: string;
  /** Directories that the image declares as volumes. Absent: none. */
  readonly volumes?: readonly string[];
  /** Words of the health check's command, of which the text for a shell is one. Absent: there is none. */
  readonly healthcheck?: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The image that another one was built on, as far as known. */
export interface BaseImage {
  /** How many of the layers came with it, oldest first; null: not known. */
  readonly layers: number | null;
  /** As what names it has it; null: nothing does. */
  readonly name: string | null;
  readonly digest: string | null;
  /** Where the number of its layers comes from, best first; null if it is not known. A `command` is a guess. */
  readonly how: BaseEvidence | null;
  /** One sentence without a full stop: where it comes from, or why it is not known. */
  readonly because: string;
}

export type BaseEvidence = 'named' | 'provenance' | 'label' | 'annotation' | 'builder' | 'command';
