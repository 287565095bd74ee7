import { groupsOf } from "../topology/effective";
import type { Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { firewallCompiler } from "./compile-firewall";
import { compileHost } from "./compile-host";
import { compileInstance } from "./compile-instance";
import { compileNatGateway } from "./compile-nat-gateway";
import { compileRouter } from "./compile-router";
import { groupCompiler } from "./compile-security-groups";
import { reachableVpcs } from "./host-access";
import type { KernelState, NamespaceState } from "./kernel-state";

/**
 * A valid topology as the kernel objects it becomes: one router namespace per VPC, one namespace per instance and NAT gateway,
 * and this topology's part of the host. Pure; the same document and context always give the same state. An empty topology
 * gives the host's part only, which is what a tear-down converges to.
 */
export function compileTopology(doc: Topology, context: CompileContext): KernelState {
  const index = indexTopology(doc);
  const namespaces: NamespaceState[] = [
    ...doc.vpcs.map((vpc) => compileRouter(vpc, index, context)),
    ...compileNatGateways(doc, index, context),
    ...compileInstances(doc, index, context),
    compileHost(doc, index, context),
  ];
  return Object.fromEntries(namespaces.map((namespace) => [namespace.name, namespace]));
}

/** Objects that need a transit slot (keys of `CompileContext.slots`). */
export const transitObjects = (doc: Topology): readonly string[] =>
  [...doc.internetGateways, ...doc.peerings, ...reachableVpcs(doc)].map((object) => object.id);

function compileNatGateways(doc: Topology, index: TopologyIndex, context: CompileContext): NamespaceState[] {
  return doc.natGateways.flatMap((gateway) => {
    const subnet = index.subnetById.get(gateway.subnetId);
    const vpc = subnet && index.vpcById.get(subnet.vpcId);
    return subnet && vpc ? [compileNatGateway({ gateway, subnet, vpc }, context)] : [];
  });
}

function compileInstances(doc: Topology, index: TopologyIndex, context: CompileContext): NamespaceState[] {
  const compileGroup = groupCompiler(index);
  const compileFirewall = firewallCompiler();
  return doc.instances.flatMap((instance) => {
    const subnet = index.subnetById.get(instance.subnetId);
    const vpc = subnet && index.vpcById.get(subnet.vpcId);
    if (!subnet || !vpc) return [];
    const filters = { groups: groupsOf(index, instance).map(compileGroup), firewall: subnet.firewall && compileFirewall(subnet.firewall) };
    return [compileInstance({ instance, subnet, vpc }, filters, index, context)];
  });
}
