import {
  type DamagedInput,
  DigestMismatch,
  FailedPart,
  LimitExceeded,
  MalformedInput,
  MissingPart,
  UnreadablePart,
  UnsupportedFormat,
} from '../base/errors.ts';

export interface SentDamage {
  readonly name: string;
  readonly message: string;
}

const kinds = [
  DigestMismatch,
  FailedPart,
  LimitExceeded,
  MalformedInput,
  MissingPart,
  UnreadablePart,
  UnsupportedFormat,
] as const;

export function serialiseDamage({ name, message }: DamagedInput): SentDamage {
  return { name, message };
}

export function damageFrom({ name, message }: SentDamage): DamagedInput {
  const Kind = kinds.find((kind) => kind.name === name) ?? MalformedInput;
  return new Kind(message);
}
