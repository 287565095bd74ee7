import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Action } from "../command-spec";
import { inSteps } from "../edits/edit";
import { setFirewall } from "../edits/firewall-edits";
import { find } from "../edits/place";
import type { ExitCode } from "../exit-code";
import { fileError } from "@vpclab/shared/text/file-issue";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import type { Session } from "../session";
import { UsageError } from "../usage-error";
import { subnetOf, wholeVpc } from "./firewall";
import { firewallEdits, policySubject, readPolicy } from "./read-policy";
import { readTopology } from "./read-topology";

/** The policy file's rules instead of what was in force. Whatever is wrong with the file, the old rules stay. */
export const applyFirewall: Action = async (session, given) => {
  const path = given.option("policy") ?? given.option("file");
  if (path === null) throw new UsageError("which policy? --policy <file>");
  const { document } = await readTopology(session);
  const vpcName = wholeVpc(given);
  if (vpcName !== null) return applyToVpc(session, given, { document, vpcName, path });
  const named = subnetOf(given);
  const subnet = orThrow(find(document, "subnet", named));
  const read = await readPolicy(path, policySubject(document, subnet, given.option("default")));
  if (!read.ok) throw fileError(path, read.error);
  for (const note of read.value.notes) session.out.note(note);
  const description = { doing: `apply the policy ${path} to “${named.name}”`, create: true, unchanged: "the policy is in force already" };
  return runEdit(session, description, setFirewall({ name: subnet.id }, read.value.firewall));
};

/** A policy for every subnet of a VPC: each that the file is for, all of them where it names none. */
async function applyToVpc(session: Session, given: Given, { document, vpcName, path }: { document: Topology; vpcName: string; path: string }): Promise<ExitCode> {
  const vpc = orThrow(find(document, "vpc", { name: vpcName }));
  const subnets = document.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  const edits = await firewallEdits(document, subnets, { path, defaultAction: given.option("default"), note: (text) => session.out.note(text) });
  if (edits.length === 0) throw new AppError("REF_UNKNOWN", subnets.length === 0 ? `VPC “${vpcName}” has no subnets.` : `${path} has no policy for a subnet of VPC “${vpcName}”.`);
  return runEdit(session, { doing: `apply the policy ${path} to VPC “${vpcName}”`, create: true, unchanged: "the policy is in force already" }, inSteps(...edits));
}
