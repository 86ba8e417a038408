import type { Root } from '../layers/root.ts';
import { decodeName } from '../text.ts';
import type { Credentials } from './permission.ts';

/**
 * Who an image's USER is, as container runtimes find out (opencontainers/runc, libcontainer/user, GetExecUser): names
 * and numbers are looked up in the root's own /etc/passwd and /etc/group; a number that is in neither stands for
 * itself, with group 0. null: a name that the root does not know.
 */
export function findProcessUser(root: Root, setting: string): Credentials | null {
  const [user = '', group = ''] = setting.split(':');
  const account = accountOf(root, user === '' ? '0' : user);
  if (account === null) return null;
  const { uid, gid, name } = account;
  if (group === '') {
    const groups = name === null ? [] : groupsIn(root).filter(({ users }) => users.includes(name));
    return { uid, gid, groups: groups.map((each) => each.gid) };
  }
  const named = groupsIn(root).find((each) => each.name === group || String(each.gid) === group);
  const number = named?.gid ?? numberOf(group);
  return number === null ? null : { uid, gid: number, groups: [] };
}

export interface Account {
  /** null: a number that no line of /etc/passwd has. */
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number;
}

/** Of a name or number; root is known where there is no file. */
export function accountOf(root: Root, user: string): Account | null {
  for (const [name = '', , uid = '', gid = ''] of linesOf(root, '/etc/passwd')) {
    const number = numberOf(uid);
    if (number === null || (name !== user && String(number) !== user)) continue;
    return { name, uid: number, gid: numberOf(gid) ?? 0 };
  }
  if (user === 'root' && root.text('/etc/passwd') === undefined)
    return { name: 'root', uid: 0, gid: 0 };
  const number = numberOf(user);
  return number === null ? null : { name: null, uid: number, gid: 0 };
}

interface Group {
  readonly name: string;
  readonly gid: number;
  readonly users: readonly string[];
}

function groupsIn(root: Root): Group[] {
  return [...linesOf(root, '/etc/group')].flatMap(([name = '', , gid = '', users = '']) => {
    const number = numberOf(gid);
    return number === null ? [] : [{ name, gid: number, users: users.split(',') }];
  });
}

/** passwd(5), group(5): fields between colons. */
function* linesOf(root: Root, path: string): Iterable<readonly string[]> {
  const text = root.text(path);
  if (text === undefined) return;
  for (const line of decodeName(text).split('\n')) yield line.split(':');
}

function numberOf(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
