import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { Root } from '../../layers/root.ts';

/** A library that may be a plugin: nothing needs it by DT_NEEDED, a running process opens it. */
export interface PluginFile {
  readonly path: string;
  /** Last component of the path. */
  readonly name: string;
  readonly tables: LinkTables;
}

/** A program of the root that loads plugins of one kind. */
export interface HostProgram {
  readonly path: string;
  readonly tables: LinkTables;
}

/** What a kind says of one of its files. */
export interface Claim {
  /** Files of which a host takes one, for its own platform, have equal keys. */
  readonly choice: string;
  /** Part of the host's own library, which is whole only where what it stands on is installed too. */
  readonly isOptional: boolean;
  /** Which version of the host it is for, as a person says it; null: for any. */
  readonly version: string | null;
  /** Whether this host would load it. */
  fits(host: HostProgram): boolean;
}

/** How a kind of process finds its plugins, and what it gives to them. */
export interface PluginKind {
  /** `Python`. */
  readonly host: string;
  readonly verb: 'import' | 'load';
  /** dlopen with RTLD_NOW; otherwise functions may be looked up at their first call. */
  readonly bindsAtLoad: boolean;
  /** Names that the host defines, for a root that does not hold it; null: any name may be its own. */
  readonly given: RegExp | null;
  /** How its programs are known; null: any process may load it, and the plugin needs all that it uses. */
  readonly hosts: {
    readonly named: RegExp;
    /** DT_NEEDED of programs that contain the host. */
    readonly needs: RegExp | null;
    /** What only such a program defines. */
    readonly exports: string | null;
  } | null;
  claim(file: PluginFile): Claim | null;
  /** Why this host never looks at the file; null when it does. */
  ignores?(file: PluginFile, host: HostProgram, root: Root): string | null;
  /** What every host loads in its place; null when nothing. */
  replacedBy?(file: PluginFile, root: Root): string | null;
  /** Libraries that the host has opened itself before any plugin. */
  opens?(host: HostProgram, root: Root): readonly string[];
  /** What its launcher puts before LD_LIBRARY_PATH where musl is the libc. */
  libraryPathUnderMusl?(host: HostProgram): string;
}
