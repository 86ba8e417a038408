/** Names by bit (include/uapi/linux/capability.h). */
const names = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
];

/**
 * Names of the capabilities that a file's `security.capability` attribute permits or lets be inherited, as
 * `cap_net_raw`. The attribute is a struct vfs_cap_data: a little-endian word of revision and flags, then a pair of
 * words (permitted, inheritable) in revision 1 and two pairs, low and high, in revisions 2 and 3.
 */
export function capabilityNames(attribute: Buffer | null): string[] {
  if (attribute === null || attribute.length < 12) return [];
  const pairs = attribute.length >= 20 ? 2 : 1;
  const found: string[] = [];
  for (let bit = 0; bit < pairs * 32; bit += 1) {
    const pair = 4 + 8 * (bit >>> 5);
    const bits = attribute.readUInt32LE(pair) | attribute.readUInt32LE(pair + 4);
    if ((bits & (1 << (bit & 31))) !== 0) found.push(`cap_${names[bit] ?? bit}`);
  }
  return found;
}
