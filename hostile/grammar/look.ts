import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Look } from "@vpclab/shared/plan/look";
import { LINK, NAMESPACE, whole } from "./words";

const IN = whole(NAMESPACE);
const WORD = /^(-s|addr|route|rule|show|table|dev|all|type|unicast|blackhole|\d{1,10}|(br|vi|nat|igw|vpr|pcx)-[a-z2-7]{10}|eth0|lo)$/;
const SCRIPT = /^list (table inet vpclab|chain inet vpclab [a-z][a-z0-9-]{0,60})$/;

/** On the host only what hangs on a link of ours, or stands in our table. */
const HOST_ARGS = new RegExp(`^(?:-s addr show dev ${LINK}|route show dev ${LINK} proto 118)$`);
const HOST_LINK = /\b(?:igh|vph)-/;

/** Null, or what of a look at the kernel is more than a look. */
export function lookFault(look: Look): string | null {
  if (look.namespace === HOST_NAMESPACE) return hostLookFault(look);
  if (!IN.test(look.namespace)) return `in ${look.namespace}`;
  if (look.tool === "nft") return SCRIPT.test(look.script) ? null : look.script;
  return look.args.find((word) => !WORD.test(word)) ?? null;
}

function hostLookFault(look: Look): string | null {
  if (look.tool === "nft") return SCRIPT.test(look.script) ? null : look.script;
  const words = look.args.join(" ");
  return HOST_ARGS.test(words) && HOST_LINK.test(words) ? null : `on the host: ${words}`;
}
