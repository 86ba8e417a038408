/** PEP 503: `Ruamel.YAML_clib` is `ruamel-yaml-clib`. Releases of one project were built under several spellings. */
export function pythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
