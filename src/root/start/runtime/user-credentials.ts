import type { Root } from '../../../layers/root.ts';
import { accountLines } from '../../rights/account-lines.ts';
import type { Credentials } from '../../rights/permission.ts';
import { cause } from '../cause.ts';
import { fails, type StartEnd } from '../start.ts';

/** As Docker, Podman and containerd read USER (moby/sys/user, GetExecUser): a name needs a line in the image's own files. */
export function findCredentials(root: Root, user: string): Credentials | StartEnd {
  const [name = '', group = ''] = user.split(':', 2);
  const uid = name === '' ? 0 : numberOf(name);
  const login = accountLines(root, '/etc/passwd').find(([own, , id]) =>
    uid === null ? own === name : numberOf(id) === uid,
  );
  if (uid === null && login === undefined) return unknownName('user', name, 'passwd');
  const groups = accountLines(root, '/etc/group');
  const who = uid ?? numberOf(login?.[2]) ?? 0;
  if (group === '') {
    const member = login?.[0];
    const extra = groups.filter(([, , , all = '']) => all.split(',').some((one) => one === member));
    const gid = numberOf(login?.[3]) ?? 0;
    return inRange(user, { uid: who, gid, groups: extra.map(([, , id]) => numberOf(id) ?? 0) });
  }
  const gid = numberOf(group);
  const found = groups.find(([own]) => own === group);
  if (gid === null && found === undefined) return unknownName('group', group, 'group');
  return inRange(user, { uid: who, gid: gid ?? numberOf(found?.[2]) ?? 0, groups: [] });
}

function unknownName(what: 'user' | 'group', name: string, file: string): StartEnd {
  return fails(
    cause('user', name),
    `unable to find ${what} ${name}: no matching entries in ${file} file`,
    `USER names the ${what} ${name}, and /etc/${file} of the image does not`,
  );
}

const largestId = 2 ** 31 - 1;

function inRange(user: string, who: Credentials): Credentials | StartEnd {
  if ([who.uid, who.gid].every((id) => id >= 0 && id <= largestId)) return who;
  return fails(
    cause('user', user),
    `uids and gids must be in range 0-${largestId}`,
    `USER is ${user}, and runtimes take no such number`,
  );
}

/** As Go's strconv.Atoi, with a bound that is beyond every id. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[-+]?\d{1,15}$/.test(text) ? Number(text) : null;
}
