import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import type { Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { compileTopology } from "../plan/compile";
import type { CompileContext } from "../plan/compile-context";
import type { Kernel, StepFailure } from "../plan/kernel";
import { HOST_NAMESPACE } from "../plan/kernel-state";
import { planChanges } from "../plan/plan";
import type { Step } from "../plan/step";
import { gridTopology, peeredLab, testContext, twoVpcLab } from "./builders";

/**
 * What every kernel must do, the fake one and Linux alike: one table of cases, each a walk through documents. After every
 * document the seen state must equal the wanted one, which is to say that a second plan is empty.
 */
export interface ContractCase {
  readonly name: string;
  readonly documents: readonly Topology[];
}

export interface ContractOutcome {
  readonly document: Topology;
  readonly failures: readonly StepFailure[];
  /** Steps that a second plan still wants: must be empty. */
  readonly remaining: readonly Step[];
}

const edited = (doc: Topology, command: EditCommand): Topology => {
  const result = applyEdit(doc, command);
  if (!result.ok) throw new Error(result.error.map((issue) => issue.message).join(" "));
  return result.value.document;
};

const lab = twoVpcLab();
const peered = peeredLab();
const [firstVpc] = lab.vpcs;
const [firstSubnet, secondSubnet] = lab.subnets;
const [firstInstance] = lab.instances;
const [firstGateway] = lab.internetGateways;
if (!firstVpc || !firstSubnet || !secondSubnet || !firstInstance || !firstGateway) throw new Error("the lab has changed");
const instanceOf = (subnetId: string) => lab.instances.find((instance) => instance.subnetId === subnetId)?.id ?? "";

/** Web servers need a real program to run; the table is about the network. */
const quiet = (doc: Topology): Topology => ({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) });

export const CONTRACT_CASES: readonly ContractCase[] = [
  { name: "makes the two-VPC lab and removes it", documents: [quiet(lab), EMPTY_TOPOLOGY] },
  { name: "adds and removes a peering", documents: [quiet(lab), quiet(peered), quiet(lab)] },
  { name: "deletes a peered VPC", documents: [quiet(peered), quiet(edited(peered, { op: "delete", id: firstVpc.id }))] },
  { name: "renames a VPC", documents: [quiet(lab), quiet(edited(lab, { op: "update", kind: "vpc", id: firstVpc.id, set: { name: "renamed" } }))] },
  {
    name: "makes a public subnet private and back",
    documents: (["private", "public"] as const).reduce<Topology[]>(
      (docs, type) => [...docs, edited(docs.at(-1) ?? lab, { op: "update", kind: "subnet", id: firstSubnet.id, set: { type } })], [quiet(lab)],
    ),
  },
  {
    name: "moves a subnet to another range, with its instance",
    documents: [quiet(lab), quiet(edited(lab, { op: "batch", commands: moveSubnet(lab, firstSubnet.id) }))],
  },
  { name: "deletes a gateway", documents: [quiet(lab), quiet(edited(lab, { op: "delete", id: firstGateway.id }))] },
  { name: "deletes an instance and creates it again", documents: [quiet(lab), quiet(edited(lab, { op: "delete", id: firstInstance.id })), quiet(lab)] },
  { name: "makes ten namespaces with further instances", documents: [gridTopology({ vpcs: 2, subnetsPerVpc: 2, instancesPerSubnet: 2 }), EMPTY_TOPOLOGY] },
];

function moveSubnet(doc: Topology, subnetId: string): Extract<EditCommand, { op: "batch" }>["commands"] {
  const subnet = doc.subnets.find((candidate) => candidate.id === subnetId);
  const stem = subnet?.cidr.startsWith("172") ? "172.16.77" : "10.0.77";
  return [
    { op: "update", kind: "subnet", id: subnetId, set: { cidr: `${stem}.0/24` } },
    { op: "update", kind: "instance", id: instanceOf(subnetId), set: { address: `${stem}.9` } },
  ];
}

/** Applies the documents of a case one after the other and says what each left to do. */
export async function runContractCase(kernel: Kernel, contractCase: ContractCase, overrides: Partial<CompileContext> = {}): Promise<ContractOutcome[]> {
  const known = new Set<string>([HOST_NAMESPACE]);
  const outcomes: ContractOutcome[] = [];
  const everything = contractCase.documents.reduce<Topology>(
    (all, doc) => ({ ...all, internetGateways: [...all.internetGateways, ...doc.internetGateways], peerings: [...all.peerings, ...doc.peerings] }),
    { ...EMPTY_TOPOLOGY },
  );
  for (const document of contractCase.documents) {
    const context = testContext(everything, overrides);
    const wanted = compileTopology(document, context);
    for (const name of Object.keys(wanted)) known.add(name);
    const steps = planChanges(wanted, await kernel.observe([...known]), context);
    const failures = await kernel.apply(steps);
    const remaining = planChanges(wanted, await kernel.observe([...known]), context);
    outcomes.push({ document, failures, remaining });
  }
  return outcomes;
}
