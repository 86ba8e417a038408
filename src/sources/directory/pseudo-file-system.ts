/** By the number that statfs(2) gives, from include/uapi/linux/magic.h. What a disk or tmpfs holds is never among them. */
export function isPseudoFileSystem(type: number): boolean {
  return numbers.has(type >>> 0);
}

const numbers: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x1cd1, // devpts
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0x6165676c, // pstore
  0xde5e81e4, // efivarfs
  0xcafe4a11, // bpf
  0x19800202, // mqueue
  0x958458f6, // hugetlbfs
  0x42494e4d, // binfmt_misc
  0x65735543, // fusectl
  0xf97cff8c, // selinuxfs
  0x67596969, // rpc_pipefs
  0x6e667364, // nfsd
  0x0187, // autofs, which mounts what is looked at
]);
