import {
  type DamagedInput,
  DigestMismatch,
  FailedPart,
  LimitExceeded,
  MalformedArchive,
  MissingPart,
  UnreadablePart,
  UnsupportedFormat,
} from '../base/errors.ts';

export interface ToldDamage {
  readonly name: string;
  readonly message: string;
}

const kinds = [
  DigestMismatch,
  FailedPart,
  LimitExceeded,
  MalformedArchive,
  MissingPart,
  UnreadablePart,
  UnsupportedFormat,
] as const;

export function told({ name, message }: DamagedInput): ToldDamage {
  return { name, message };
}

export function damageFrom({ name, message }: ToldDamage): DamagedInput {
  const Kind = kinds.find((kind) => kind.name === name) ?? MalformedArchive;
  return new Kind(message);
}
