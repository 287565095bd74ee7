import { existsSync } from "node:fs";
import { checkInterface } from "../actions/check-interface";
import { firewallEdits } from "../actions/read-policy";
import { readTopology } from "../actions/read-topology";
import type { Action } from "../command-spec";
import { createAll, PRIVATE_SUBNET, PUBLIC_SUBNET } from "../edits/create-all";
import { inSteps, type Edit } from "../edits/edit";
import { find } from "../edits/place";
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
  const firewalls = path === null ? [] : await firewallsOf(session, { name, path, base });
  return runEdit(session, {
    doing: `create VPC “${name}” with everything`, create: true, makes: true, unchanged: `VPC “${name}” is there already`,
    next: () => [`Its namespaces: ${name}-${PUBLIC_SUBNET}, ${name}-${PRIVATE_SUBNET}. Try: ip netns exec ${name}-${PUBLIC_SUBNET} ping -c 1 203.0.113.10`],
  }, inSteps(base, ...firewalls));
};

/** Of the two subnets those that the file has a policy for. */
async function firewallsOf(session: Session, { name, path, base }: { name: string; path: string; base: Edit }): Promise<Edit[]> {
  const document = editedDocument((await readTopology(session)).document, base);
  const subnets = [PUBLIC_SUBNET, PRIVATE_SUBNET].map((subnet) => orThrow(find(document, "subnet", { name: `${name}/${subnet}` })));
  const edits = await firewallEdits(document, subnets, { path, defaultAction: null, note: (text) => session.out.note(text) });
  if (edits.length === 0) session.out.note(`${path} has no policy for “${name}”: no firewall is applied.`);
  return edits;
}
