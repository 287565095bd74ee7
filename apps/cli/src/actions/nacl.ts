import type { Action } from "../command-spec";
import { addEntry, createNetworkAcl, removeEntry } from "../edits/nacl-edits";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { givenTraffic } from "./given-traffic";
import { namedBy } from "./kind-actions";

const NUMBER_MAX = 32766;

export const createAcl: Action = (session, given) => {
  const name = given.either(0, "name");
  return runEdit(
    session, { doing: `create network ACL${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: "the network ACL is there already" },
    createNetworkAcl({ name, vpc: given.option("vpc") }),
  );
};

const entryAdder = (action: "allow" | "deny"): Action => (session, given) => {
  const named = namedBy(given);
  const edit = addEntry(named, { action, number: given.number("number", 1, NUMBER_MAX), traffic: givenTraffic(given) });
  return runEdit(session, { doing: `add an entry to “${named.name}”`, create: true, unchanged: "the entry is there already" }, edit);
};
export const allowEntry = entryAdder("allow");
export const denyEntry = entryAdder("deny");

export const removeAclEntry: Action = (session, given) => {
  const named = namedBy(given);
  const [ingress, egress] = [given.number("ingress", 1, NUMBER_MAX), given.number("egress", 1, NUMBER_MAX)];
  const number = ingress ?? egress;
  if (number === null || (ingress !== null && egress !== null)) throw new UsageError("which entry? --ingress <number> or --egress <number>");
  const at = { direction: ingress === null ? "egress" : "ingress", number } as const;
  return runEdit(session, { doing: `remove ${at.direction} entry ${number} of “${named.name}”`, create: true }, removeEntry(named, at, given.flag("ifExists") === true));
};
