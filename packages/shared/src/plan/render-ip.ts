import { ROUTE_PROTOCOL } from "./kernel-state";
import type { Step } from "./step";

/**
 * A step as a line of `ip -batch` inside its namespace, or null when another tool does it. `peerNetns` turns the peer's
 * namespace key into what `netns` of ip-link(8) takes. Values come from the naming functions and validated documents only.
 */
export function ipLine(step: Step, peerNetns: (namespace: string) => string = (namespace) => namespace): string | null {
  switch (step.action) {
    case "mark": return `link set dev lo alias ${step.mark} up`;
    case "bridge-add": return `link add name ${step.name} address ${step.mac} type bridge`;
    case "veth-add":
      return `link add name ${step.name} address ${step.mac} type veth peer name ${step.peer.name} address ${step.peer.mac} netns ${peerNetns(step.peer.namespace)}`;
    case "link-delete": return `link delete dev ${step.name}`;
    case "link-alias": return `link set dev ${step.name} alias ${step.alias}`;
    case "link-mac": return `link set dev ${step.name} address ${step.mac}`;
    case "link-master": return step.master ? `link set dev ${step.name} master ${step.master}` : `link set dev ${step.name} nomaster`;
    case "link-mtu": return `link set dev ${step.name} mtu ${step.mtu}`;
    case "link-up": return `link set dev ${step.name} up`;
    case "address-add": return `address add ${step.address} dev ${step.link}`;
    case "address-delete": return `address delete ${step.address} dev ${step.link}`;
    case "route-replace": return `route replace ${routeWords(step)}`;
    case "route-delete": return `route delete ${routeWords(step)}`;
    case "rule-add": return `rule add priority ${step.priority} iif ${step.iif} lookup ${step.table}`;
    case "rule-delete": return `rule delete ${ruleSelector(step)}`;
    default: return null;
  }
}

/** A rule of another shape than ours was seen without the parts that ours have (kernel-state.ts): priority is what it has. */
function ruleSelector({ priority, iif, table }: Extract<Step, { action: "rule-add" | "rule-delete" }>): string {
  return [`priority ${priority}`, iif && `iif ${iif}`, table && `lookup ${table}`].filter((part) => part !== "").join(" ");
}

function routeWords(step: Extract<Step, { action: "route-replace" | "route-delete" }>): string {
  const words = [
    step.type === "unicast" ? [] : [step.type],
    [step.destination],
    step.via ? ["via", step.via] : [],
    step.dev ? ["dev", step.dev] : [],
    ["table", step.table],
    // What `ip route` writes by itself is left unsaid.
    step.protocol === ROUTE_PROTOCOL.boot ? [] : ["proto", String(step.protocol)],
  ];
  return words.flat().join(" ");
}
