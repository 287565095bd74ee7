import type { Action } from "../command-spec";
import { inSteps } from "../edits/edit";
import { setFirewall } from "../edits/firewall-edits";
import { find, type Named } from "../edits/place";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { firewallSections } from "../views/network-views";
import { readTopology } from "./read-topology";

/** `<vpc>/<subnet>`, or `--vpc` and `--subnet`. */
export function subnetOf(given: Given): Named {
  const name = given.either(0, "subnet");
  if (name === null) throw new UsageError("which subnet? --vpc <vpc> --subnet <subnet>");
  return { name, vpc: given.option("vpc") };
}

/** The VPC where `--vpc` stands alone: all of its subnets are meant. */
export const wholeVpc = (given: Given): string | null => (given.either(0, "subnet") === null ? given.option("vpc") : null);

export const clearFirewall: Action = async (session, given) => {
  const vpcName = wholeVpc(given);
  if (vpcName !== null) {
    const { document } = await readTopology(session);
    const vpc = orThrow(find(document, "vpc", { name: vpcName }));
    const edits = document.subnets.filter(({ vpcId }) => vpcId === vpc.id).map(({ name }) => setFirewall({ name: `${vpcName}/${name}` }, null));
    return runEdit(session, { doing: `clear the firewalls of VPC “${vpcName}”`, create: true, unchanged: `no subnet of “${vpcName}” has a firewall` }, inSteps(...edits));
  }
  const named = subnetOf(given);
  return runEdit(session, { doing: `clear the firewall of “${named.name}”`, create: true, unchanged: `“${named.name}” has no firewall` }, setFirewall(named, null));
};

export const showFirewall: Action = async (session, given) => {
  const { document } = await readTopology(session);
  const subnet = orThrow(find(document, "subnet", subnetOf(given)));
  session.out.value({ subnet: subnet.name, subnetId: subnet.id, firewall: subnet.firewall });
  if (subnet.firewall === null) session.out.line(`Subnet “${subnet.name}” has no firewall: everything passes that groups and ACLs allow.`);
  for (const { columns, rows } of firewallSections(subnet)) session.out.table(columns, rows);
};
