/** What a configuration should have, by its own words: names of options stand without `CONFIG_`. */
export interface Recommendation {
  readonly option: string;
  /** Its other names (older, newer) and what does the same: one of all that is set is enough. */
  readonly or?: readonly string[];
  /** Options without which it is not offered, and that should be there for it. */
  readonly under?: readonly string[];
  /** `on`: y. `off`: neither y nor m. A number: at least so much. */
  readonly want: 'on' | 'off' | number;
  /** Folder of the kernel's sources, where the option has another meaning on other machines. */
  readonly only?: string;
  /** An attacker who found one fault gains much where it is not followed. */
  readonly weighs?: true;
}

/** https://kspp.github.io/Recommended_Settings, which says what each of them is for. */
const on: readonly Omit<Recommendation, 'want'>[] = [
  // Memory of the kernel.
  { option: 'STRICT_KERNEL_RWX', or: ['DEBUG_RODATA'], weighs: true },
  { option: 'STRICT_MODULE_RWX', or: ['DEBUG_SET_MODULE_RONX'], weighs: true },
  { option: 'RANDOMIZE_BASE', under: ['RELOCATABLE'], weighs: true },
  {
    option: 'STACKPROTECTOR_STRONG',
    or: ['CC_STACKPROTECTOR_STRONG', 'CC_STACKPROTECTOR_AUTO'],
    under: ['STACKPROTECTOR', 'CC_STACKPROTECTOR'],
    weighs: true,
  },
  { option: 'STRICT_DEVMEM', weighs: true },
  { option: 'SLAB_FREELIST_RANDOM', weighs: true },
  { option: 'SLAB_FREELIST_HARDENED', weighs: true },
  { option: 'HARDENED_USERCOPY', weighs: true },
  { option: 'MODULE_SIG', weighs: true },
  { option: 'RANDOMIZE_MEMORY' },
  { option: 'VMAP_STACK' },
  { option: 'FORTIFY_SOURCE' },
  { option: 'REFCOUNT_FULL' },
  { option: 'IO_STRICT_DEVMEM', under: ['STRICT_DEVMEM'] },
  { option: 'DEBUG_WX' },
  { option: 'SCHED_STACK_END_CHECK' },
  { option: 'SHUFFLE_PAGE_ALLOCATOR' },
  { option: 'RANDOM_KMALLOC_CACHES' },
  { option: 'SLUB_DEBUG' },
  { option: 'INIT_ON_ALLOC_DEFAULT_ON' },
  { option: 'INIT_STACK_ALL_ZERO', or: ['GCC_PLUGIN_STRUCTLEAK_BYREF_ALL'] },
  { option: 'ZERO_CALL_USED_REGS' },
  { option: 'RANDOMIZE_KSTACK_OFFSET_DEFAULT' },
  { option: 'KFENCE' },
  { option: 'UBSAN_BOUNDS', under: ['UBSAN'] },
  { option: 'UBSAN_TRAP' },
  { option: 'PAGE_TABLE_CHECK' },
  { option: 'PAGE_TABLE_CHECK_ENFORCED', under: ['PAGE_TABLE_CHECK'] },
  // Checks of what attackers change.
  { option: 'BUG' },
  { option: 'BUG_ON_DATA_CORRUPTION' },
  { option: 'LIST_HARDENED', or: ['DEBUG_LIST'] },
  { option: 'DEBUG_SG' },
  { option: 'DEBUG_VIRTUAL' },
  { option: 'DEBUG_NOTIFIERS' },
  { option: 'DEBUG_CREDENTIALS' },
  { option: 'PANIC_ON_OOPS' },
  // Plugins of GCC.
  { option: 'GCC_PLUGIN_LATENT_ENTROPY', under: ['GCC_PLUGINS'] },
  { option: 'GCC_PLUGIN_STACKLEAK', or: ['KSTACK_ERASE'], under: ['GCC_PLUGINS'] },
  {
    option: 'RANDSTRUCT_FULL',
    or: ['RANDSTRUCT_PERFORMANCE', 'GCC_PLUGIN_RANDSTRUCT'],
    under: ['GCC_PLUGINS'],
  },
  { option: 'CFI_CLANG', or: ['CFI'] },
  // What programs can reach.
  { option: 'SECCOMP' },
  { option: 'SECCOMP_FILTER', under: ['SECCOMP'] },
  { option: 'SECURITY' },
  { option: 'SECURITY_YAMA', under: ['SECURITY'] },
  { option: 'SECURITY_LANDLOCK', under: ['SECURITY'] },
  { option: 'SECURITY_LOCKDOWN_LSM', under: ['SECURITY'] },
  { option: 'SECURITY_LOCKDOWN_LSM_EARLY', under: ['SECURITY_LOCKDOWN_LSM'] },
  { option: 'SECURITY_DMESG_RESTRICT' },
  { option: 'SCHED_CORE' },
  { option: 'SYN_COOKIES' },
  // Modules.
  { option: 'MODULE_SIG_FORCE', under: ['MODULE_SIG'] },
  { option: 'MODULE_SIG_SHA512', or: ['MODULE_SIG_SHA3_512'] },
  // Devices and firmware.
  { option: 'IOMMU_SUPPORT' },
  { option: 'IOMMU_DEFAULT_DMA_STRICT' },
  { option: 'EFI_DISABLE_PCI_DMA' },
  { option: 'RESET_ATTACK_MITIGATION' },
  { option: 'HW_RANDOM_TPM' },
  // x86.
  { option: 'MITIGATION_PAGE_TABLE_ISOLATION', or: ['PAGE_TABLE_ISOLATION'] },
  { option: 'MITIGATION_SLS', or: ['SLS'] },
  { option: 'INTEL_IOMMU' },
  { option: 'INTEL_IOMMU_DEFAULT_ON', under: ['INTEL_IOMMU'] },
  { option: 'INTEL_IOMMU_SVM', under: ['INTEL_IOMMU'] },
  { option: 'AMD_IOMMU' },
  // arm64.
  { option: 'ARM64_SW_TTBR0_PAN' },
  { option: 'UNMAP_KERNEL_AT_EL0' },
  { option: 'ARM64_E0PD' },
  { option: 'ARM64_EPAN' },
  { option: 'ARM64_PTR_AUTH' },
  { option: 'ARM64_PTR_AUTH_KERNEL' },
  { option: 'ARM64_BTI' },
  { option: 'ARM64_BTI_KERNEL' },
  { option: 'ARM64_MTE' },
  { option: 'KASAN_HW_TAGS' },
  { option: 'SHADOW_CALL_STACK' },
];

/** They open what the others close. The same source. */
const off: readonly Omit<Recommendation, 'want'>[] = [
  { option: 'ACPI_CUSTOM_METHOD' },
  { option: 'CFI_PERMISSIVE' },
  { option: 'COMPAT_BRK' },
  // On arm64 this is the vDSO of 32-bit programs.
  { option: 'COMPAT_VDSO', only: 'x86' },
  { option: 'DEVKMEM' },
  { option: 'HARDENED_USERCOPY_FALLBACK' },
  { option: 'LDISC_AUTOLOAD' },
  { option: 'LEGACY_PTYS' },
  { option: 'LEGACY_TIOCSTI' },
  { option: 'MODULE_FORCE_LOAD' },
  { option: 'SECURITY_SELINUX_BOOTPARAM' },
  { option: 'SECURITY_SELINUX_DEVELOP' },
  { option: 'SECURITY_SELINUX_DISABLE' },
  { option: 'SECURITY_WRITABLE_HOOKS' },
  { option: 'SLAB_MERGE_DEFAULT' },
];

export const recommendations: readonly Recommendation[] = [
  ...on.map((each) => ({ ...each, want: 'on' as const })),
  // Documentation/admin-guide/sysctl/kernel.rst, unprivileged_bpf_disabled.
  { option: 'BPF_UNPRIV_DEFAULT_OFF', want: 'on', weighs: true },
  ...off.map((each) => ({ ...each, want: 'off' as const })),
  { option: 'DEFAULT_MMAP_MIN_ADDR', want: 65536, only: 'x86' },
  // The loader of 32-bit programs of arm uses the addresses between.
  { option: 'DEFAULT_MMAP_MIN_ADDR', want: 32768, only: 'arm64' },
];
