import type { TRPCError } from "@trpc/server";
import type { AuditObject } from "@vpclab/shared/wire/audit";
import { endOf } from "./services/audit-log";
import { ANONYMOUS } from "./services/audit-scope";
import type { AuditedAction, AuditEnd } from "./services/audit-scope";
import { wireErrorOf } from "./trpc-errors";

/** What the `id` of a call is an id of, where the first part of its path does not say it … */
const KIND_OF_NOUN: Readonly<Record<string, string>> = {
  account: "user", auth: "user", deployment: "topology", peering: "topology", probe: "topology", live: "topology", activity: "topology", stage: "topology",
};
/** … nor the kind that all calls of its noun are about. */
const KIND_OF_CALL: Readonly<Record<string, string>> = {
  "account.endSession": "session", "auth.signOut": "session", "host.choose": "topology", "host.mintToken": "join-token", "host.rotateKey": "key-set",
};

const judged = new WeakSet<TRPCError>();

/** A call as its caller has made it: nobody has looked yet who that is, nor what they ask. */
export function auditedCall({ path, ip, input }: { path: string; ip: string | null; input: unknown }): AuditedAction {
  const [noun = ""] = path.split(".");
  return { action: path, actor: ANONYMOUS, ip, object: namedObject(KIND_OF_CALL[path] ?? KIND_OF_NOUN[noun] ?? noun, input) };
}

/** Of an input only these two fields are ever written down. */
function namedObject(kind: string, input: unknown): AuditObject | null {
  const { id, name } = typeof input === "object" && input !== null ? (input as { id?: unknown; name?: unknown }) : {};
  if (typeof id === "string") return { kind, id, name: null };
  return typeof name === "string" ? { kind, id: null, name } : null;
}

export function endOfCall(error: TRPCError): AuditEnd {
  judged.add(error);
  const { code, traceId } = wireErrorOf(error);
  return endOf(code, traceId ?? null);
}

/** Whether a procedure has ended with it. What was refused before, such as a call of what does not exist, has no entry yet. */
export const isJudged = (error: TRPCError): boolean => judged.has(error);
