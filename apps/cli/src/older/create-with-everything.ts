import { existsSync } from "node:fs";
import { checkInterface } from "../actions/check-interface";
import { policySubject, readPolicy } from "../actions/read-policy";
import { readTopology } from "../actions/read-topology";
import type { Action } from "../command-spec";
import { createAll, PRIVATE_SUBNET, PUBLIC_SUBNET } from "../edits/create-all";
import { inSteps, type Edit } from "../edits/edit";
import { setFirewall } from "../edits/firewall-edits";
import { find } from "../edits/place";
import { fileError } from "../file/file-issue";
import { editedDocument } from "../lab/edited-document";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import type { Session } from "../session";
import { createVpc } from "./older-actions";

/** Where the tool with this spelling looks for its policies. */
const FIREWALL_FILE = "firewall.json";

/** `create --name prod --internet-interface eth0`: VPC, public and private subnet, internet and firewall in one step. */
export const createWithEverything: Action = async (session, given) => {
  // Where the name stands without `--name` and a range beside it, the other tools with this word made the VPC alone.
  if (given.arg(0) !== null && given.option("cidr") !== null) return createVpc(session, given);
  const name = given.need(0, "name");
  await checkInterface(session, given.option("internetInterface"));
  const base = createAll(name, given.option("cidr"));
  const path = given.option("firewall") ?? session.env.firewallFile ?? (existsSync(FIREWALL_FILE) ? FIREWALL_FILE : null);
  const firewalls = path === null ? [] : await firewallEdits(session, { name, path, base });
  return runEdit(session, {
    doing: `create VPC “${name}” with everything`, create: true, makes: true, unchanged: `VPC “${name}” is there already`,
    next: () => [`Its namespaces: ${name}-${PUBLIC_SUBNET}, ${name}-${PRIVATE_SUBNET}. Try: ip netns exec ${name}-${PUBLIC_SUBNET} ping -c 1 203.0.113.10`],
  }, inSteps(base, ...firewalls));
};

/** One for each of the two subnets that the file has a policy for; anything else that is wrong with it refuses the whole create. */
async function firewallEdits(session: Session, { name, path, base }: { name: string; path: string; base: Edit }): Promise<Edit[]> {
  const document = editedDocument((await readTopology(session)).document, base);
  const edits: Edit[] = [];
  for (const subnetName of [PUBLIC_SUBNET, PRIVATE_SUBNET]) {
    const subnet = orThrow(find(document, "subnet", { name: `${name}/${subnetName}` }));
    const read = await readPolicy(path, policySubject(document, subnet, null));
    if (read.ok) {
      for (const note of read.value.notes) session.out.note(`${name}/${subnetName}: ${note}`);
      edits.push(setFirewall({ name: `${name}/${subnetName}` }, read.value.firewall));
    } else if (read.error.some(({ code }) => code !== "REF_UNKNOWN")) throw fileError(path, read.error);
  }
  if (edits.length === 0) session.out.note(`${path} has no policy for “${name}”: no firewall is applied.`);
  return edits;
}
