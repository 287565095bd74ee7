import { cidrFrom, formatAddress } from "../net/cidr";
import { INSTANCE_INTERFACE, interfaceName, macAddress } from "../net/interface-name";
import { instanceNamespace, routerNamespace } from "../net/namespace-name";
import { gatewayAddress } from "../net/subnet-addresses";
import type { Instance, Peering, Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { markFor, ownerOf } from "./compile-context";
import type { NamespaceState, Route } from "./kernel-state";
import { INSTANCE_SYSCTLS } from "./sysctls";

/** Main routing table, as a number (rt_tables calls it "main"). */
export const MAIN_TABLE = "254";

export interface PlacedInstance {
  readonly instance: Instance;
  readonly subnet: Subnet;
  readonly vpc: Vpc;
}

export const namespaceOfInstance = ({ instance, subnet, vpc }: PlacedInstance, topologyName: string): string =>
  instanceNamespace(topologyName, vpc.name, subnet.name, instance.name);

/** An instance: a namespace with one interface in its subnet, a default route to the subnet's router, and its workload. */
export function compileInstance(placed: PlacedInstance, index: TopologyIndex, context: CompileContext): NamespaceState {
  const { instance, subnet, vpc } = placed;
  const namespace = namespaceOfInstance(placed, context.topologyName);
  const subnetCidr = cidrFrom(subnet.cidr);
  const gateway = formatAddress(gatewayAddress(subnetCidr));
  const owner = ownerOf(context, instance.id);
  return {
    name: namespace,
    owner,
    mark: markFor(context, instance.id, namespace),
    sysctls: INSTANCE_SYSCTLS,
    links: [{
      kind: "veth",
      name: INSTANCE_INTERFACE,
      mac: macAddress("instance-inside", context.topologyId, instance.id),
      alias: markFor(context, instance.id, instance.name),
      owner,
      peer: {
        namespace: routerNamespace(context.topologyName, vpc.name),
        name: interfaceName("instance", context.topologyId, instance.id),
      },
      creator: false,
      master: null,
      addresses: [`${instance.address}/${subnetCidr.length}`],
    }],
    routes: [
      { type: "unicast", destination: "default", table: MAIN_TABLE, via: gateway, dev: INSTANCE_INTERFACE, owner },
      ...index.peeringsOfVpc(vpc.id).map((peering) => peeringRoute(peering, vpc, gateway, index, context)),
    ],
    rules: [],
    nft: null,
    workloads: instance.webServer
      ? [{ kind: "web-server", port: instance.webServer.port, label: namespace, owner }]
      : [],
  };
}

/** Takes the same path as the default route; it is there so that `ip route` inside an instance shows the peering. */
function peeringRoute(peering: Peering, vpc: Vpc, gateway: string, index: TopologyIndex, context: CompileContext): Route {
  const peerId = peering.requesterVpcId === vpc.id ? peering.accepterVpcId : peering.requesterVpcId;
  const destination = index.vpcById.get(peerId)?.cidr ?? "";
  const owner = ownerOf(context, peering.id);
  return { type: "unicast", destination, table: MAIN_TABLE, via: gateway, dev: INSTANCE_INTERFACE, owner };
}
