/**
 * Names in a tar by which container runtimes load it as an image: the list of `docker save`, the index of an OCI layout, and layers with
 * their documents, as `docker save` wrote them before version 1.10 and Docker still loads. Names are clean, and come as they are.
 */
export class ImageDocuments {
  readonly #found = new Set<string>();
  /** Folders at the top that have one of the two files of a layer. */
  readonly #json = new Set<string>();
  readonly #layers = new Set<string>();

  add(name: string): void {
    const slash = name.indexOf('/');
    if (slash < 0) {
      if (top.has(name)) this.#found.add(name);
      return;
    }
    if (name.startsWith('blobs/')) this.#found.add('blobs');
    if (name.endsWith('/layer.tar') && slash === name.length - 10)
      this.#layers.add(name.slice(0, slash));
    if (name.endsWith('/json') && slash === name.length - 5) this.#json.add(name.slice(0, slash));
  }

  get hasManifest(): boolean {
    return this.#found.has('manifest.json');
  }

  /** The document that runtimes look for first; null: there is none. `isList`: of the `manifest.json`, where there is one. */
  first(isList: boolean): string | null {
    const has = (name: string) => this.#found.has(name);
    if (this.hasManifest && isList) return 'manifest.json';
    if (has('index.json') && (has('oci-layout') || has('blobs'))) return 'index.json';
    for (const folder of this.#layers) if (this.#json.has(folder)) return `${folder}/layer.tar`;
    return null;
  }
}

const top: ReadonlySet<string> = new Set(['manifest.json', 'index.json', 'oci-layout', 'blobs']);

/** A list: the `manifest.json` of a web application is an object. What is neither may be a list to somebody. */
export function mayBeList(head: string): boolean {
  return !/^\ufeff?\s*\{/.test(head);
}
