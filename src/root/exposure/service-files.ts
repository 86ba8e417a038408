import { withoutComments } from './comments.ts';

/**
 * Files that say what an init, a supervisor or a clock starts, or that it starts themselves: units of systemd and its generators, scripts of
 * OpenRC and of System V, BusyBox's inittab, services of s6, runit, dinit, supervisord, monit, D-Bus and xinetd, tables and folders of
 * cron. They count wherever a root has them: which of these programs runs there, and with which of its files, its own start decides.
 */
export function isServiceFile(path: string): boolean {
  return path.startsWith('/etc/')
    ? ofEtc.test(path)
    : elsewhere.test(path) || (path.endsWith('.conf') && /\/supervisord?\.conf$/.test(path));
}

/** Folders that all of them lie in, but for a supervisord.conf elsewhere. */
export const foldersOfServices: readonly string[] = [
  '/etc',
  '/lib/systemd',
  '/usr/lib/systemd',
  '/usr/local/lib/systemd',
  '/usr/share/systemd',
  '/run/systemd',
  '/usr/share/dbus-1',
  '/var/spool/cron',
  '/service',
  '/var/service',
  '/run/service',
  '/lib/dinit.d',
  '/usr/lib/dinit.d',
  '/usr/lib/s6-rc',
];

/** Kinds of units that name programs, and what is added to them. */
const units = '(service|socket|mount|swap|conf)';
/** systemd starts what lies in them. */
const ofSystemd =
  '(system|user)-(generators|environment-generators|shutdown|sleep)/.+|system-(shutdown|sleep)/.+';

const ofEtc = new RegExp(
  `^/etc/(${[
    'inittab|crontab|anacrontab|rc\\.local|inetd\\.conf|supervisord?\\.conf|monitrc|finit\\.conf',
    '(init|conf|local|cron|rc\\d?|rcS|services|cont-init|cont-finish|my_init|supervisord?|xinetd|dinit|finit|monit)\\.d/.+',
    '(cron\\.(hourly|daily|weekly|monthly)|default|init|periodic|crontabs|supervisor|runit|sv|service|s6[\\w-]*|monit|circus)/.+',
    `systemd/.+\\.${units}|systemd/(${ofSystemd})`,
  ].join('|')})$`,
);

const elsewhere = new RegExp(
  `^/(${[
    `((usr/)?(local/)?lib|usr/share|run)/systemd/(.+\\.${units}|${ofSystemd})`,
    'usr/share/dbus-1/[^/]+/.+\\.service',
    'var/spool/cron/.+|((var|run)/)?service/.+|(usr/)?lib/dinit\\.d/.+|usr/lib/s6-rc/.+',
  ].join('|')})$`,
);

/** The words of one such file that may name what it starts: settings of that kind, or everything except comments. */
export function wordsOfService(path: string, text: string): string {
  if (!isSettings(path)) return withoutComments(text);
  const values = startingValues(text.split('\n')).join('\n');
  const plain = withoutEscapes(values);
  return plain === values ? values : `${values}\n${plain}`;
}

/** systemd.service(5): `\\x6f`, `\\157`, `\\u006f`, `\\s`. */
function withoutEscapes(values: string): string {
  return values.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3})|(s))/gi,
    (all, x?: string, u?: string, long?: string, octal?: string) => {
      const hex = x ?? u ?? long;
      const code = hex === undefined ? Number.parseInt(octal ?? '40', 8) : Number.parseInt(hex, 16);
      return code > 0x10ffff ? all : String.fromCodePoint(code);
    },
  );
}

function isSettings(path: string): boolean {
  return /\.(service|socket|mount|swap)$|\/(systemd|supervisord?|supervisord?\.d)\/.*\.(conf|ini)$|\/supervisord?\.conf$/.test(
    path,
  );
}

/** What sets the surroundings of a process may bring a library, or a folder that names begin in. */
const starting =
  /^[ \t]*(exec\w*|command|files|(default|manager)?environment(file)?|(working|root)?directory)[ \t]*=(.*)$/i;

/** A value goes on behind a backslash, and on lines that begin with a blank. */
function startingValues(lines: readonly string[]): readonly string[] {
  const values: string[] = [];
  let goesOn = false;
  let isOpen = false;
  for (const line of lines) {
    const [, , , , , value] = starting.exec(line) ?? [];
    if (value !== undefined) values.push(value.replace(/^[ \t]*[-@:+!|]+/, ''));
    else if (isOpen && (goesOn || /^[ \t]/.test(line))) values.push(line);
    else isOpen = false;
    if (value !== undefined) isOpen = true;
    goesOn = line.endsWith('\\');
  }
  return values;
}

/** Lines of settings that say what is started: `command=tool -n`, `start program = "/usr/bin/tool"`, `{"script": "tool"}`. */
export function startingLines(text: string): string {
  return text
    .split('\n')
    .filter((line) =>
      /^\s*[\w.-]*(command|cmd|exec|program|start|run|script|daemon|process)|["'{,\s](command|cmd|exec\w*|program|start|run|script|interpreter)["']?\s*[:=]/i.test(
        line,
      ),
    )
    .join('\n');
}
