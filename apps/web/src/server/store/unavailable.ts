/** Prisma: not reachable, timed out, closed, no connection or transaction in time. */
const PRISMA = ["P1001", "P1002", "P1003", "P1008", "P1011", "P1017", "P2024", "P2028", "P2037"];
/** PostgreSQL: connection lost, shutting down, locked for too long, cancelled, read-only, out of space, memory or connections, disk error. */
const POSTGRES = ["08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "55000", "55P03", "57014", "25006", "53100", "53200", "53300", "53400", "58030"];
const SYSTEM = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"];
const CODES: ReadonlySet<unknown> = new Set([...PRISMA, ...POSTGRES, ...SYSTEM]);
/** What the client library says without any code. */
const WORDS = /timeout exceeded when trying to connect|Connection terminated|Can't reach database server|not accepting connections|No space left on device/i;
const DEPTH_MAX = 5;

/** Whether an error of a query says that the database cannot be worked with now, and nothing of the query itself. */
export function isUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > DEPTH_MAX) return false;
  const { code, originalCode, message, cause, meta } = error as Record<string, unknown>;
  if (CODES.has(code) || CODES.has(originalCode) || (typeof message === "string" && WORDS.test(message))) return true;
  return [cause, meta, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError].some((inner) => isUnavailable(inner, depth + 1));
}
