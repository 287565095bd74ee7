import type { Look } from "@vpclab/shared/plan/looks-at";
import { NAMESPACE, whole } from "./words";

const IN = whole(NAMESPACE);
const WORD = /^(-s|addr|route|rule|show|table|dev|all|type|unicast|blackhole|\d{1,10}|(br|vi|nat|igw|vpr|pcx)-[a-z2-7]{10}|eth0|lo)$/;
const SCRIPT = /^list (table inet vpclab|chain inet vpclab [a-z][a-z0-9-]{0,60})$/;

/** Null, or what of a look at the kernel is more than a look. */
export function lookFault(look: Look): string | null {
  if (!IN.test(look.namespace)) return `in ${look.namespace}`;
  if (look.tool === "nft") return SCRIPT.test(look.script) ? null : look.script;
  return look.args.find((word) => !WORD.test(word)) ?? null;
}
