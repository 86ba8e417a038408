import type { Extraction } from '../../extraction/extraction.ts';
import { purlOf } from './components/finder.ts';
import type { Component } from './ownership.ts';

/** The main module of a Go program: what the program says about itself, which gives its name and decides nothing. */
export function goModule(extraction: Extraction | null): Component | null {
  const go = extraction?.facts.go;
  const main = go?.known === true ? (go.value?.main ?? null) : null;
  if (main === null) return null;
  const { path: name, version } = main;
  return { ecosystem: 'golang', name, version, purl: purlOf('golang', name, version), group: name };
}
