import type { RootEntry } from '../../../layers/root.ts';
import { capabilityNames } from '../../rights/capabilities.ts';
import { cause } from '../cause.ts';
import type { Surroundings } from '../kernel/execution.ts';
import { findCredentials } from '../runtime/user-credentials.ts';
import { fails, isEnd, type StartEnd, undecided } from '../start.ts';

/** What a starter that becomes another user (gosu, su-exec) leaves around what it starts then. */
export function becomeUser(
  user: string,
  around: Surroundings,
  starter: { readonly program: string; readonly entry: RootEntry },
): Surroundings | StartEnd {
  const { walker } = around;
  const who = findCredentials(walker.root, user);
  if (isEnd(who)) return who;
  if (walker.who.uid === 0) return { ...around, walker: { ...walker, who }, isOtherUser: true };
  const { entry, program } = starter;
  if ((entry.mode & 0o6000) !== 0 || capabilityNames(entry.capability).length > 0)
    return undecided(`${program} has rights of its own, and what it does with them is not judged`);
  // setgroups(2) comes first, and needs CAP_SETGID even for the groups that the process has.
  const { uid, gid } = walker.who;
  return fails(
    cause('rights', program),
    `${program}: failed switching to "${user}": operation not permitted`,
    `${program} becomes user ${user}, which only root may, and the image starts as user ${uid}:${gid}`,
  );
}
