import type { NftChange, Step } from "@vpclab/shared/plan/step";

/** What is not as it should be, in the words of the step that would mend it. */
export function whatDiffers(step: Step): string {
  switch (step.action) {
    case "netns-add": return `namespace ${step.namespace} is missing`;
    case "netns-delete": return `namespace ${step.namespace} is still there`;
    case "mark": return `loopback of ${step.namespace} is down or has lost its mark`;
    case "sysctl-set": return `${step.key} is not ${step.value}`;
    case "bridge-add": return `bridge ${step.name} is missing`;
    case "veth-add": return `link ${step.name} is missing`;
    case "link-delete": return `link ${step.name} should not be there`;
    case "link-alias": return `link ${step.name} has lost its mark`;
    case "link-mac": return `link ${step.name} has another MAC address`;
    case "link-master": return step.master === null ? `link ${step.name} is plugged into a bridge` : `link ${step.name} is not plugged into its bridge`;
    case "link-mtu": return `link ${step.name} has another MTU than ${step.mtu}`;
    case "link-up": return `link ${step.name} is down`;
    case "address-add": return `address ${step.address} is missing on ${step.link}`;
    case "address-delete": return `address ${step.address} on ${step.link} should not be there`;
    case "route-replace": return `route to ${step.destination} is missing or different`;
    case "route-delete": return `route to ${step.destination} should not be there`;
    case "rule-add": return `routing rule for ${step.iif} is missing`;
    case "rule-delete": return `routing rule ${step.priority}${step.iif ? ` for ${step.iif}` : ""} should not be there`;
    case "nft-replace": return "packet filter is missing or different";
    case "nft-change": return filterDifferences(step.changes);
    case "nft-delete": return step.table === "inet vpclab" ? "packet filter is still there" : `table ${step.table} should not be there`;
    case "workload-start": return step.workload.kind === "resolver" ? "resolver is not running as configured" : `web server on port ${step.workload.port} is not running`;
    case "resolv-conf-write": return `/etc/netns/${step.namespace}/resolv.conf is missing or different`;
    case "resolv-conf-delete": return `/etc/netns/${step.namespace}/resolv.conf is still there`;
    case "workload-stop": return `a ${step.kind} runs on port ${step.port} that should not`;
  }
}

function filterDifferences(changes: readonly NftChange[]): string {
  const lines = changes.map(filterDifference);
  const shown = lines.slice(0, 2).join(", ");
  return `packet filter: ${lines.length > 2 ? `${shown} and ${lines.length - 2} more` : shown}`;
}

function filterDifference(change: NftChange): string {
  switch (change.change) {
    case "add-counter": return `counter ${change.name} is missing`;
    case "delete-counter": return `counter ${change.name} should not be there`;
    case "add-set": return `set ${change.set.name} is missing`;
    case "delete-set": return `set ${change.name} should not be there`;
    case "add-elements": return `set ${change.set} lacks ${change.elements.length} of its members`;
    case "delete-elements": return `set ${change.set} has ${change.elements.length} members that it should not have`;
    case "add-chain": return `chain ${change.chain.name} is missing`;
    case "delete-chain": return `chain ${change.name} should not be there`;
    case "rewrite-rules": return `rules of chain ${change.chain} differ`;
  }
}

/** Several differences of one object as one line. */
export function differencesLine(lines: readonly string[]): string {
  const distinct = [...new Set(lines)];
  const shown = distinct.slice(0, 3).join("; ");
  return distinct.length > 3 ? `${shown}; and ${distinct.length - 3} more` : shown;
}
