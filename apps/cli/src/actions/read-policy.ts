import type { Result } from "@vpclab/shared/errors/result";
import type { Subnet, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { typeOf } from "../edits/subnet-edits";
import type { FileIssue } from "../file/file-issue";
import { readSource } from "../file/read-source";
import { type PolicySubject, readPolicyText, type ReadPolicy } from "../policy-file/read-policy-text";

/** What a policy file is read for: a subnet by all that a file may call it. */
export const policySubject = (doc: Topology, subnet: Subnet, defaultAction: string | null): PolicySubject => ({
  vpc: doc.vpcs.find(({ id }) => id === subnet.vpcId)?.name ?? "",
  subnet: subnet.name,
  subnetCidr: subnet.cidr,
  subnetType: typeOf(indexTopology(doc), subnet),
  defaultAction: defaultAction === "allow" || defaultAction === "deny" ? defaultAction : null,
});

/** Throws AppError where the file cannot be read; what is wrong in it is the answer. */
export async function readPolicy(path: string, subject: PolicySubject): Promise<Result<ReadPolicy, FileIssue[]>> {
  const { name, text } = await readSource(path);
  return readPolicyText(text, name, subject);
}
