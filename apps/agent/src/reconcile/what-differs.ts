import type { Step } from "@vpclab/shared/plan/step";

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
    case "link-up": return `link ${step.name} is down`;
    case "address-add": return `address ${step.address} is missing on ${step.link}`;
    case "address-delete": return `address ${step.address} on ${step.link} should not be there`;
    case "route-replace": return `route to ${step.destination} is missing or different`;
    case "route-delete": return `route to ${step.destination} should not be there`;
    case "rule-add": return `routing rule for ${step.iif} is missing`;
    case "rule-delete": return `routing rule for ${step.iif} should not be there`;
    case "nft-replace": return "packet filter is missing or different";
    case "nft-delete": return "packet filter is still there";
    case "workload-start": return `web server on port ${step.workload.port} is not running`;
    case "workload-stop": return `a ${step.kind} runs on port ${step.port} that should not`;
  }
}

/** Several differences of one object as one line. */
export function differencesLine(steps: readonly Step[]): string {
  const lines = [...new Set(steps.map(whatDiffers))];
  const shown = lines.slice(0, 3).join("; ");
  return lines.length > 3 ? `${shown}; and ${lines.length - 3} more` : shown;
}
