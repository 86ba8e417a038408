import type { ImageConfig } from '../../base/image-config.ts';
import { baseName } from '../../base/path-parts.ts';

/** Gathers what the command, its scripts and variables name. */
export interface RunnerSearch {
  readonly addWord: (word: string) => void;
  /** A word that names a file, and the path that its links lead to. */
  readonly addFile: (word: string, path: string) => void;
  /** A part that is not read may name one. */
  readonly leaveOut: () => void;
  readonly runsServices: () => boolean;
}

/** Inits, supervisors and timers, and the words that make them start something. */
const runners = new RegExp(
  `^(${[
    'init|systemd|systemctl|telinit|initctl|upstart|finit|dinit|dinitctl|my_init',
    'openrc(-init|-run)?|rc|rc-service|rc\\.local|service|invoke-rc\\.d',
    'runit(-init)?|runsv(ch)?dir(-start)?|runsv|sv|svscan(boot)?|supervise',
    's6-(svscan|supervise|svc|rc|rc-init|linux-init|overlay)[\\w-]*',
    'supervisor(d|ctl)|circusd|monit|pebble',
    'cron|crond|cronie|fcron|bcron-\\w+|anacron|run-parts',
    'dbus-(daemon|broker|broker-launch|launch|run-session)|x?inetd',
  ].join('|')})$`,
);

/** They need no link of their own: `busybox crond`. */
const applets = /^(init|linuxrc|crond|runsv|runsvdir|sv|svscan|inetd|run-parts)$/;

/**
 * Packages bring files of services along, whatever an image starts. They count where it starts, or may start, what reads them: a root
 * that is not an image is started by its init, and an image without a command by whatever is named when it is run.
 */
export function createRunnerSearch(config: ImageConfig | null): RunnerSearch {
  let isFound = config === null || config.entrypoint.length + config.cmd.length === 0;
  let hasBusybox = false;
  let hasApplet = false;
  return {
    addWord: (word) => {
      hasApplet ||= applets.test(baseName(word));
    },
    addFile: (word, path) => {
      isFound ||= runners.test(baseName(word)) || runners.test(baseName(path));
      hasBusybox ||= baseName(path).startsWith('busybox');
    },
    leaveOut: () => {
      isFound = true;
    },
    runsServices: () => isFound || (hasBusybox && hasApplet),
  };
}
