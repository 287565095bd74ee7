import type { Action } from "../command-spec";
import { setFirewall } from "../edits/firewall-edits";
import { find } from "../edits/place";
import { fileError } from "../file/file-issue";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { subnetOf } from "./firewall";
import { policySubject, readPolicy } from "./read-policy";
import { readTopology } from "./read-topology";

/** The policy file's rules instead of what was in force. Whatever is wrong with the file, the old rules stay. */
export const applyFirewall: Action = async (session, given) => {
  const path = given.option("policy") ?? given.option("file");
  if (path === null) throw new UsageError("which policy? --policy <file>");
  const { document } = await readTopology(session);
  const named = subnetOf(given);
  const subnet = orThrow(find(document, "subnet", named));
  const read = await readPolicy(path, policySubject(document, subnet, given.option("default")));
  if (!read.ok) throw fileError(path, read.error);
  for (const note of read.value.notes) session.out.note(note);
  const description = { doing: `apply the policy ${path} to “${named.name}”`, create: true, unchanged: "the policy is in force already" };
  return runEdit(session, description, setFirewall({ name: subnet.id }, read.value.firewall));
};
