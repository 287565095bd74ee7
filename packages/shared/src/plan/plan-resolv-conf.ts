import type { NamespaceState, Owner, SeenNamespace, SeenResolvConf } from "./kernel-state";
import { parseMark } from "./mark";
import type { PlanScope } from "./plan-scope";
import type { Step } from "./step";

/** The mark that a resolv.conf begins with; null when it is none of vpclab's. */
export const markOfResolvConf = (text: string) => {
  const [first = ""] = text.split("\n", 1);
  return first.startsWith("# ") ? parseMark(first.slice(2)) : null;
};

const isMine = (seen: SeenResolvConf, agentId: string): seen is { readonly text: string } =>
  typeof seen === "object" && markOfResolvConf(seen.text)?.agentId === agentId;

/** A file of ours that should be there, or differ, or be gone. Where it cannot be made, and where somebody else has one, nothing is done. */
export function planResolvConf(want: NamespaceState, { resolvConf: have }: SeenNamespace, scope: PlanScope): Step[] {
  if (want.resolvConf === null) return removeResolvConf(want.owner, { name: want.name, resolvConf: have }, scope);
  const isDue = have === "absent" || (isMine(have, scope.agentId) && have.text !== want.resolvConf);
  return isDue ? [{ owner: want.owner, namespace: want.name, action: "resolv-conf-write", text: want.resolvConf }] : [];
}

export const removeResolvConf = (owner: Owner, have: Pick<SeenNamespace, "name" | "resolvConf">, scope: PlanScope): Step[] =>
  isMine(have.resolvConf, scope.agentId) ? [{ owner, namespace: have.name, action: "resolv-conf-delete" }] : [];

/** Whether somebody else's file stands where ours is wanted: then names do not resolve as drawn, and a person should know. */
export const isResolvConfForeign = (want: NamespaceState, seen: SeenNamespace | undefined, agentId: string): boolean =>
  want.resolvConf !== null && seen !== undefined && typeof seen.resolvConf === "object" && !isMine(seen.resolvConf, agentId);
