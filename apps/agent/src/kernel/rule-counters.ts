import type { RuleHit } from "@vpclab/shared/wire/live";
import { inNamespace } from "../host/in-namespace";
import { lookUpNetns } from "../host/netns";
import { NETLINK_NETFILTER, NetlinkSocket } from "./netlink/netlink-socket";
import { countersOf } from "./netlink/nft-counters";

export interface NamedCounter extends RuleHit {
  readonly name: string;
}

/** Named counters of our table in a namespace, as they are now; null when there is no such namespace. */
export function ruleCounters(namespace: string): readonly NamedCounter[] | null {
  if (typeof lookUpNetns(namespace) !== "number") return null;
  return inNamespace(namespace, () => {
    const socket = new NetlinkSocket(NETLINK_NETFILTER);
    try {
      return socket.list(countersOf("vpclab"));
    } finally {
      socket.close();
    }
  });
}
