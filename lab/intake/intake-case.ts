/** An image in one of the forms in which builders, registries and people leave it. */
export interface IntakeCase {
  readonly name: string;
  readonly write: (place: Place) => Written | Promise<Written>;
  /** Default: what each takes where none is named. */
  readonly platform?: string;
  /** What differs, and why that is meant. docs/sources.md lists it. */
  readonly differs?: Differs;
  /**
   * Where every tool refuses the image: `said`, hullcheck reports a problem as well; `read`, it reads what is there, since other
   * tools or versions may.
   */
  readonly refused?: 'said' | 'read';
}

export interface Differs {
  readonly from: readonly ToolName[];
  readonly because: string;
}

export type ToolName = 'containerd' | 'podman' | 'umoci' | 'skopeo';

/** Where a case may write, and what its programs are. */
export interface Place {
  readonly folder: string;
  /** The bytes of a program that no other case has; the same for the same letter. */
  readonly elf: (letter: string) => Buffer;
}

export interface Written {
  /** As hullcheck takes it. */
  readonly reference: string;
  /** As podman and skopeo take it. */
  readonly transport: string;
  /** An archive that containerd imports; null: it has no such form. */
  readonly archive: string | null;
  /** Its name in containerd. */
  readonly name: string;
}
