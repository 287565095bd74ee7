import type { Result } from "@vpclab/shared/errors/result";
import type { Subnet, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { typeOf } from "../edits/subnet-edits";
import type { Edit } from "../edits/edit";
import { setFirewall } from "../edits/firewall-edits";
import { type FileIssue, fileError } from "@vpclab/shared/text/file-issue";
import { readSource } from "../file/read-source";
import { defaultActionOf } from "@vpclab/shared/policy/policy-words";
import { type PolicySubject, readPolicyText, type ReadPolicy } from "@vpclab/shared/policy/read-policy-text";

/** What a policy file is read for: a subnet by all that a file may call it. */
export const policySubject = (doc: Topology, subnet: Subnet, defaultAction: string | null): PolicySubject => ({
  vpc: doc.vpcs.find(({ id }) => id === subnet.vpcId)?.name ?? "",
  subnet: subnet.name,
  subnetCidr: subnet.cidr,
  subnetType: typeOf(indexTopology(doc), subnet),
  defaultAction: defaultAction === null ? null : defaultActionOf(defaultAction),
});

/** Throws AppError where the file cannot be read; what is wrong in it is the answer. */
export async function readPolicy(path: string, subject: PolicySubject): Promise<Result<ReadPolicy, FileIssue[]>> {
  const { name, text } = await readSource(path);
  return readPolicyText(text, name, subject);
}

/**
 * One edit for each subnet that the file has a policy for. Throws AppError for whatever else is wrong with the file; it is refused as a
 * whole. Notes go to `note`, with the subnet that they are about.
 */
export async function firewallEdits(
  doc: Topology, subnets: readonly Subnet[], { path, defaultAction, note }: { path: string; defaultAction: string | null; note: (text: string) => void },
): Promise<Edit[]> {
  const { name, text } = await readSource(path);
  return subnets.flatMap((subnet) => {
    const subject = policySubject(doc, subnet, defaultAction);
    const read = readPolicyText(text, name, subject);
    const place = `${subject.vpc}/${subject.subnet}`;
    if (!read.ok) {
      if (read.error.some(({ code }) => code !== "REF_UNKNOWN")) throw fileError(path, read.error);
      return [];
    }
    for (const line of read.value.notes) note(`${place}: ${line}`);
    return [setFirewall({ name: place }, read.value.firewall)];
  });
}
