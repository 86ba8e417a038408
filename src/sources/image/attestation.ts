import { DamagedInput, MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Files } from '../files/files.ts';
import { list, required, textMap, textOr } from '../json/json.ts';
import { type Descriptor, readBlob } from './oci-descriptor.ts';

/**
 * Whether a manifest that is stated for no platform is an attestation: all its layers are statements of in-toto, or an annotation says
 * that it is one and no layer can be unpacked. The annotation alone proves nothing, since anybody can write it next to an image. What cannot be read is not one:
 * the reader of images reports it.
 */
export async function holdsAttestation(
  descriptor: Descriptor,
  files: Files,
  limits: Limits,
): Promise<boolean> {
  const isAbout = descriptor.annotations.get(referenceType) === attestationManifest;
  try {
    const { json } = await readBlob(files, descriptor, limits);
    const types = list(required(json, 'layers')).map((layer) => textOr(layer, 'mediaType', ''));
    if (types.length > 0 && types.every((type) => statement.test(type))) return true;
    const says = isAbout || textMap(json, 'annotations').get(referenceType) === attestationManifest;
    return says && types.every((type) => document.test(type));
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    // What is not here cannot be run from here either, as with the images of platforms that were never pulled.
    return isAbout && error instanceof MissingPart;
  }
}

const referenceType = 'vnd.docker.reference.type';
const attestationManifest = 'attestation-manifest';
const statement = /^application\/vnd\.in-toto(?:\.[\w.-]+)?\+json$/;
const document = /[/+]json$/;
