import type { Prisma } from "../../generated/client";

/**
 * A value for a JSON column. PostgreSQL has no text with U+0000, and what a host reports may hold one; it is left out.
 * Documents are validated before they come here, so reading them back needs no second validation.
 */
export const toJson = (value: unknown): Prisma.InputJsonValue =>
  JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? inner.replaceAll("\0", "") : inner))) as Prisma.InputJsonValue;

export const fromJson = <T>(value: Prisma.JsonValue): T => value as unknown as T;
