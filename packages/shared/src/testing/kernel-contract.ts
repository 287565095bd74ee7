import type { Result } from "../errors/result";
import { applyEdit } from "../topology/edit";
import type { EditCommand, UpdateCommand } from "../topology/edit-command";
import { newNatGateway, setSubnetType } from "../topology/new-object";
import type { NetworkAclEntry, SecurityGroupRule, Topology } from "../topology/topology";
import { COLLECTION, EMPTY_TOPOLOGY } from "../topology/topology";
import { compileTopology } from "../plan/compile";
import type { CompileContext } from "../plan/compile-context";
import type { Kernel, StepFailure } from "../plan/kernel";
import { HOST_NAMESPACE } from "../plan/kernel-state";
import { planChanges } from "../plan/plan";
import type { Step } from "../plan/step";
import { gridTopology, peeredLab, seededRandom, testContext, twoVpcLab } from "./builders";

/**
 * What every kernel must do, the fake one and Linux alike: one table of cases, each a walk through documents. After every
 * document the seen state must equal the wanted one, which is to say that a second plan is empty.
 */
export interface ContractCase {
  readonly name: string;
  readonly documents: readonly Topology[];
  /** What is special about the host. */
  readonly context?: Partial<CompileContext>;
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

/** The quiet lab, then the documents that one command after the other makes of it. */
function walk(start: Topology, ...makers: readonly ((doc: Topology) => EditCommand)[]): Topology[] {
  return makers.reduce<Topology[]>((docs, make) => {
    const last = docs.at(-1) ?? start;
    return [...docs, edited(last, make(last))];
  }, [quiet(start)]);
}

const random = seededRandom(7);
const made = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error("the lab has no room");
  return result.value;
};
const instance = (set: Extract<UpdateCommand, { kind: "instance" }>["set"]) => (): EditCommand =>
  ({ op: "update", kind: "instance", id: firstInstance.id, set });
const groupRule = (n: number, peer: SecurityGroupRule["peer"]): SecurityGroupRule => ({
  id: `sgr-${n.toString(16).padStart(12, "0")}`, direction: "ingress", protocol: "tcp", ports: { from: n, to: n + 5 }, peer, description: "",
});
const groupRules = (rules: readonly SecurityGroupRule[]) => (): EditCommand =>
  ({ op: "update", kind: "security-group", id: firstVpc.defaultSecurityGroupId, set: { rules: [...rules] } });
const entry = (number: number, action: "allow" | "deny"): NetworkAclEntry =>
  ({ direction: "ingress", number, action, protocol: "udp", ports: { from: 53, to: 53 }, cidr: "10.0.0.0/8" });
const entries = (list: readonly NetworkAclEntry[]) => (): EditCommand =>
  ({ op: "update", kind: "network-acl", id: firstVpc.defaultNetworkAclId, set: { entries: [...list] } });

const firewall = (rules: readonly (readonly [port: number, action: "allow" | "deny"])[] | null) => (): EditCommand => ({
  op: "update", kind: "subnet", id: firstInstance.subnetId,
  set: {
    firewall: rules && {
      defaults: { ingress: "deny", egress: "allow" },
      rules: rules.map(([port, action]) => ({ direction: "ingress" as const, action, protocol: "tcp" as const, ports: { from: port, to: port + 9 }, cidr: "10.0.0.0/8", description: "" })),
    },
  },
});

export const CONTRACT_CASES: readonly ContractCase[] = [
  { name: "makes the two-VPC lab and removes it", documents: [quiet(lab), EMPTY_TOPOLOGY] },
  { name: "adds and removes a peering", documents: [quiet(lab), quiet(peered), quiet(lab)] },
  { name: "deletes a peered VPC", documents: [quiet(peered), quiet(edited(peered, { op: "delete", id: firstVpc.id }))] },
  { name: "renames a VPC", documents: walk(lab, () => ({ op: "update", kind: "vpc", id: firstVpc.id, set: { name: "renamed" } })) },
  {
    name: "makes a public subnet private and back",
    documents: walk(lab, (doc) => setSubnetType(doc, firstSubnet.id, "private", random), (doc) => setSubnetType(doc, firstSubnet.id, "public", random)),
  },
  { name: "moves a subnet to another range, with its instance", documents: walk(lab, (doc) => ({ op: "batch", commands: moveSubnet(doc, firstSubnet.id) })) },
  { name: "deletes a gateway", documents: [quiet(lab), quiet(edited(lab, { op: "delete", id: firstGateway.id }))] },
  { name: "deletes an instance and creates it again", documents: [quiet(lab), quiet(edited(lab, { op: "delete", id: firstInstance.id })), quiet(lab)] },
  { name: "makes ten namespaces with further instances", documents: [gridTopology({ vpcs: 2, subnetsPerVpc: 2, instancesPerSubnet: 2 }), EMPTY_TOPOLOGY] },
  {
    name: "adds a NAT gateway with its Elastic IP and deletes it",
    documents: walk(
      lab, (doc) => made(newNatGateway(doc, firstSubnet.id, random)).command,
      (doc) => ({
        op: "update", kind: "route-table", id: firstVpc.mainRouteTableId,
        set: { routes: [{ destination: "0.0.0.0/0", target: { kind: "nat-gateway", id: doc.natGateways[0]?.id ?? "" } }] },
      }),
      (doc) => ({ op: "delete", id: doc.natGateways[0]?.id ?? "" }),
    ),
  },
  { name: "switches source/destination check off and on", documents: walk(lab, instance({ sourceDestCheck: false }), instance({ sourceDestCheck: true })) },
  {
    name: "adds, changes and removes rules of a group",
    documents: walk(
      lab, groupRules([groupRule(80, { cidr: "0.0.0.0/0" }), groupRule(443, { securityGroupId: firstVpc.defaultSecurityGroupId })]),
      groupRules([groupRule(80, { cidr: "10.0.0.0/16" })]), groupRules(Array.from({ length: 60 }, (_, n) => groupRule(n * 7 + 1, { cidr: `10.${n}.0.0/16` }))), groupRules([]),
    ),
  },
  {
    name: "cuts a list of 300 rules into a tree, changes one of them and makes it a list again",
    documents: [300, 299, 10].map((count) => longGroup(quiet(lab), count)),
  },
  {
    name: "shares the host's address and publishes ports where there is no pool",
    documents: walk(lab, instance({ publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }, { protocol: "udp", hostPort: 53, port: 53 }] }), instance({ publishedPorts: [] })),
    context: { host: { uplink: "uplink0", uplinkForwardingBefore: "0", publicPool: false, otherGateways: [], otherAccessLinks: [], closedVpcs: [], dnsUpstreams: [] } },
  },
  {
    name: "adds, changes and removes entries of a network ACL",
    documents: walk(lab, entries([entry(100, "deny"), entry(200, "allow")]), entries([entry(200, "allow")]), entries([])),
  },
  {
    name: "switches a subnet's firewall on, reorders it, makes it long, gives it a middlebox and switches it off",
    documents: walk(
      lab, firewall([[22, "deny"], [80, "allow"]]), firewall([[80, "allow"], [22, "deny"]]), firewall(Array.from({ length: 100 }, (_, n) => [n * 7 + 1, n % 3 === 0 ? "deny" : "allow"])),
      instance({ sourceDestCheck: false }), firewall([]), firewall(null),
    ),
  },
];

/** More rules than a person may draw: what cuts them does not know that limit. */
function longGroup(doc: Topology, count: number): Topology {
  const rules = Array.from({ length: count }, (_, n) => groupRule(n * 7 + 1, n % 9 === 0 ? { securityGroupId: firstVpc?.defaultSecurityGroupId ?? "" } : { cidr: `10.${n % 200}.0.0/${16 + (n % 3) * 8}` }));
  return { ...doc, securityGroups: doc.securityGroups.map((group) => (group.id === firstVpc?.defaultSecurityGroupId ? { ...group, rules } : group)) };
}

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
  const everything = contractCase.documents.reduce(joined, EMPTY_TOPOLOGY);
  for (const document of contractCase.documents) {
    const context = testContext(everything, { ...contractCase.context, ...overrides });
    const wanted = compileTopology(document, context);
    for (const name of Object.keys(wanted)) known.add(name);
    const steps = planChanges(wanted, await kernel.observe([...known]), context);
    const failures = await kernel.apply(steps);
    const remaining = planChanges(wanted, await kernel.observe([...known]), context);
    outcomes.push({ document, failures, remaining });
  }
  return outcomes;
}

/** What a stop has left, and what one more plan has left after it. */
export interface StoppedOutcome {
  /** Reasons of what was not done, each once. */
  readonly reasons: readonly string[];
  /** Objects that were begun, of all that were due. */
  readonly begun: number;
  readonly due: number;
  /** Steps that were not done and not reported, or done and reported; must be empty. */
  readonly unaccounted: readonly Step[];
  /** After the next apply: must be empty. */
  readonly remaining: readonly Step[];
}

/** An apply that is stopped once some objects have been begun, and the next one. */
export async function runStoppedCase(kernel: Kernel, beginsMax: number, overrides: Partial<CompileContext> = {}): Promise<StoppedOutcome> {
  const document = quiet(lab);
  const context = testContext(document, overrides);
  const wanted = compileTopology(document, context);
  const plan = async (): Promise<readonly Step[]> => planChanges(wanted, await kernel.observe([...Object.keys(wanted), HOST_NAMESPACE]), context);
  const steps = await plan();
  const begun = new Set<string>();
  const failures = await kernel.apply(steps, (id) => void begun.add(id), () => begun.size >= beginsMax);
  const left = await plan();
  const reported = new Map(failures.map(({ step }) => [step.namespace, steps.indexOf(step)]));
  const wasDone = (step: Step): boolean => steps.indexOf(step) < (reported.get(step.namespace) ?? steps.length);
  const isLeft = (step: Step): boolean => left.some((other) => JSON.stringify(other) === JSON.stringify(step));
  await kernel.apply(left);
  return {
    reasons: [...new Set(failures.map(({ reason }) => reason))], begun: begun.size, due: new Set(steps.map(({ owner }) => owner.objectId)).size,
    unaccounted: steps.filter((step) => wasDone(step) && isLeft(step)), remaining: await plan(),
  };
}

/** Objects of both, so that slots and addresses can be given out once for a whole walk. */
const joined = (all: Topology, doc: Topology): Topology =>
  Object.values(COLLECTION).reduce<Topology>((sum, name) => ({ ...sum, [name]: [...sum[name], ...doc[name]] }), all);
