import type { Action } from "../command-spec";
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

export const clearFirewall: Action = (session, given) => {
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
