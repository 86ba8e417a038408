/* Prints how many of its own slots of functions can be written, by the relocations of its dynamic section and /proc/self/maps, and
   whether the dynamic section can. A static program has the slots that its start code fills. */
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX 256
static struct { unsigned long start, end; int writable; } maps[MAX];
static int count;

static void readMaps(void) {
  char line[512], rights[8];
  FILE *file = fopen("/proc/self/maps", "r");
  while (file && count < MAX && fgets(line, sizeof line, file))
    if (sscanf(line, "%lx-%lx %4s", &maps[count].start, &maps[count].end, rights) == 3)
      maps[count++].writable = rights[1] == 'w';
}

static int isWritable(unsigned long address) {
  for (int i = 0; i < count; i++)
    if (address >= maps[i].start && address < maps[i].end) return maps[i].writable;
  return -1;
}

/* R_AARCH64_IRELATIVE, which glibc and musl name differently. */
static const unsigned long irelative = 1032;
static int all, open;
static void look(unsigned long address) {
  all++;
  open += isWritable(address) == 1;
}

extern const ElfW(Rela) __rela_iplt_start[] __attribute__((weak)), __rela_iplt_end[] __attribute__((weak));

static int isFunction(const ElfW(Sym) *symbols, ElfW(Rela) entry) {
  unsigned index = ELF64_R_SYM(entry.r_info);
  unsigned type = ELF64_ST_TYPE(symbols[index].st_info);
  return index != 0 && (type == STT_FUNC || type == STT_GNU_IFUNC || (type == STT_NOTYPE && symbols[index].st_shndx == 0));
}

static void lookAtTable(unsigned long base, unsigned long table, unsigned long size, const ElfW(Sym) *symbols) {
  const ElfW(Rela) *entries = (const void *)table;
  for (unsigned long i = 0; i < size / sizeof *entries; i++) {
    unsigned long type = ELF64_R_TYPE(entries[i].r_info);
    int slot = type == R_AARCH64_JUMP_SLOT || type == irelative;
    if (slot || (type == R_AARCH64_GLOB_DAT && isFunction(symbols, entries[i]))) look(base + entries[i].r_offset);
  }
}

static ElfW(Dyn) *section;

static unsigned long valueOf(long tag) {
  for (ElfW(Dyn) *entry = section; entry->d_tag; entry++)
    if (entry->d_tag == tag) return entry->d_un.d_val;
  return 0;
}

/* By the program headers: patchelf leaves _DYNAMIC where the section was. */
static int firstObject(struct dl_phdr_info *info, size_t size, void *base) {
  (void)size;
  *(unsigned long *)base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) section = (ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
  return 1;
}

int main(int argc, char **argv) {
  const char *name = argc > 0 ? strrchr(argv[0], '/') + 1 : "";
  unsigned long base = 0;
  dl_iterate_phdr(firstObject, &base);
  time(0);
  readMaps();
  if (section) {
    /* glibc leaves addresses relocated in the dynamic section, musl does not. */
    unsigned long add = valueOf(DT_SYMTAB) >= base ? 0 : base;
    const ElfW(Sym) *symbols = (const void *)(valueOf(DT_SYMTAB) + add);
    lookAtTable(base, valueOf(DT_RELA) + add, valueOf(DT_RELASZ), symbols);
    lookAtTable(base, valueOf(DT_JMPREL) + add, valueOf(DT_PLTRELSZ), symbols);
  } else {
    for (const ElfW(Rela) *entry = __rela_iplt_start; entry < __rela_iplt_end; entry++) look(entry->r_offset);
  }
  int dynamic = section ? isWritable((unsigned long)section) : -1;
  printf("RESULT %s slots %d of %d writable, dynamic %s\n", name, open, all, dynamic == 1 ? "writable" : dynamic == 0 ? "read-only" : "none");
  return 0;
}
