import { MissingPart, UnreadablePart } from '../../base/errors.ts';
import type { RemoteStore } from '../remote/remote-store.ts';
import type { Grpc } from './grpc.ts';
import { decodeMessage, encodeMessage, type Received } from './protobuf.ts';

/** What containerd's image service says of an image (api/types/descriptor.proto). */
export interface ImageRecord {
  readonly name: string;
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** containerd's own store, as its API gives it out (api/services/images, content and namespaces, version 1). */
export interface ContainerdStore extends RemoteStore {
  /** null: there is none of this name. */
  image(name: string): Promise<ImageRecord | null>;
  images(): Promise<readonly ImageRecord[]>;
  namespaces(): Promise<readonly string[]>;
}

export function containerdStore(grpc: Grpc): ContainerdStore {
  return {
    async image(name) {
      try {
        const answer = await one(grpc, `${services}.images.v1.Images/Get`, [[1, name]]);
        return recordOf(answer.messages(1)[0] ?? null);
      } catch (error) {
        if (error instanceof MissingPart) return null;
        throw error;
      }
    },
    async images() {
      const answer = await one(grpc, `${services}.images.v1.Images/List`, []);
      return answer.messages(1).flatMap((image) => recordOf(image) ?? []);
    },
    async namespaces() {
      const answer = await one(grpc, `${services}.namespaces.v1.Namespaces/List`, []);
      return answer.messages(1).map((namespace) => namespace.text(1));
    },
    manifest: async (digest, maxSize) => ({
      bytes: await whole(grpc, digest, maxSize),
      mediaType: '',
    }),
    blob: (digest, maxSize) => whole(grpc, digest, maxSize),
    blobStream: (digest) => content(grpc, digest),
  };
}

const services = 'containerd.services';

function recordOf(image: Received | null): ImageRecord | null {
  const target = image?.messages(3)[0];
  if (image === null || target === undefined) return null;
  const [mediaType, digest, size] = [target.text(1), target.text(2), target.number(3)];
  return { name: image.text(1), mediaType, digest, size };
}

async function one(
  grpc: Grpc,
  method: string,
  fields: Parameters<typeof encodeMessage>[0],
): Promise<Received> {
  let last: Buffer | null = null;
  for await (const message of grpc.call(method, encodeMessage(fields))) last = message;
  if (last === null) throw new UnreadablePart(`containerd answers nothing to ${method}`);
  return decodeMessage(last);
}

async function* content(grpc: Grpc, digest: string): AsyncIterable<Buffer> {
  const method = `${services}.content.v1.Content/Read`;
  for await (const message of grpc.call(method, encodeMessage([[1, digest]])))
    yield decodeMessage(message).bytes(2);
}

async function whole(grpc: Grpc, digest: string, maxSize: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of content(grpc, digest)) {
    size += part.length;
    if (size > maxSize) throw new UnreadablePart(`${digest} has more than ${maxSize} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
