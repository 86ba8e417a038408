import type { ImageConfig } from '../../../base/image-config.ts';
import type { Root, RootEntry } from '../../../layers/root.ts';
import { capabilityNames } from '../../rights/capabilities.ts';
import type { Credentials } from '../../rights/permission.ts';
import { findProcessUser } from '../../rights/process-user.ts';
import { commandFolders, scriptsOfCommand } from './command-folders.ts';

/** What surrounds a program that is started: who starts it, from where, and with which environment. */
export interface ProcessContext {
  /** Of several settings of one variable the last one counts, as runtimes merge them. */
  readonly environment: ReadonlyMap<string, string>;
  /** Absolute; null: not known. */
  readonly workingDirectory: string | null;
  /** null: not known. */
  readonly user: Credentials | null;
  /** That the command of the image puts into LD_LIBRARY_PATH of what it starts. */
  readonly commandFolders: readonly string[];
}

/** The context as one program meets it. */
export interface ProcessStart extends ProcessContext {
  /** With the effective ids that the program's own mode gives it. */
  readonly user: Credentials | null;
  /** AT_SECURE: it has rights that who starts it has not, so the loader trusts less of what surrounds it. */
  readonly secure: boolean;
}

/** A root filesystem without an image's config does not say how its programs are started. */
export const unknownContext: ProcessContext = {
  environment: new Map(),
  workingDirectory: null,
  user: null,
  commandFolders: [],
};

/** As a container runtime starts the programs of an image. */
export function contextOfImage(root: Root, config: ImageConfig | null): ProcessContext {
  if (config === null) return unknownContext;
  const environment = new Map<string, string>();
  for (const setting of config.env) {
    const equals = setting.indexOf('=');
    if (equals > 0) environment.set(setting.slice(0, equals), setting.slice(equals + 1));
  }
  return {
    environment,
    workingDirectory: `/${config.workingDirectory}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
    user: findProcessUser(root, config.user),
    commandFolders: commandFolders([
      ...config.entrypoint,
      ...config.cmd,
      ...scriptsOfCommand(root, config),
    ]),
  };
}

/** fs/exec.c, bprm_fill_uid; security/commoncap.c, cap_bprm_creds_from_file. */
export function startOf(program: ProgramFile, context: ProcessContext): ProcessStart {
  const { user } = context;
  const { mode, uid, gid, capability } = program;
  const setsUser = (mode & 0o4000) !== 0;
  // Without the right to execute, setgid is a mark for locks.
  const setsGroup = (mode & 0o2010) === 0o2010;
  const hasCapabilities = capabilityNames(capability).length > 0;
  if (user === null) return { ...context, secure: setsUser || setsGroup || hasCapabilities };
  const effective = {
    ...user,
    uid: setsUser ? uid : user.uid,
    gid: setsGroup ? gid : user.gid,
  };
  const changes = effective.uid !== user.uid || effective.gid !== user.gid;
  return { ...context, user: effective, secure: changes || (hasCapabilities && user.uid !== 0) };
}

type ProgramFile = Pick<RootEntry, 'mode' | 'uid' | 'gid' | 'capability'>;
