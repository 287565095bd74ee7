import { cidrFrom, formatAddress } from "@vpclab/shared/net/cidr";
import { interfaceName } from "@vpclab/shared/net/interface-name";
import { gatewayAddress } from "@vpclab/shared/net/subnet-addresses";
import { describeRoute } from "@vpclab/shared/plan/describe-object";
import { routeTableNumbers } from "@vpclab/shared/plan/route-table-numbers";
import { describeFirewall } from "@vpclab/shared/topology/describe-rule";
import { networkAclOf, routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Peering, Subnet, Vpc } from "@vpclab/shared/topology/topology";
import { indexTopology, type TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { ObjectState } from "@vpclab/shared/wire/live";
import type { LabSnapshot } from "./lab";
import { namespaceOf } from "./namespace-of";

export interface InspectedInstance {
  readonly name: string;
  readonly kind: "instance" | "nat-gateway";
  readonly namespace: string;
  readonly address: string;
  /** null: it has none. */
  readonly publicAddress: string | null;
  readonly securityGroups: readonly string[];
  readonly webServerPort: number | null;
  readonly state: ObjectState;
}

export interface InspectedSubnet {
  readonly name: string;
  readonly cidr: string;
  readonly type: "public" | "private";
  /** Link in the router's namespace, and the address that it carries. */
  readonly bridge: string;
  readonly gateway: string;
  readonly routeTable: string;
  readonly networkAcl: string;
  readonly firewall: string | null;
  readonly state: ObjectState;
  readonly instances: readonly InspectedInstance[];
}

export interface InspectedVpc {
  readonly name: string;
  readonly id: string;
  readonly cidr: string;
  /** Of its router. */
  readonly namespace: string;
  readonly state: ObjectState;
  readonly reachableFromHost: boolean;
  readonly dnsSupport: boolean;
  readonly internetGateway: { readonly name: string; readonly state: ObjectState } | null;
  readonly subnets: readonly InspectedSubnet[];
  /** `kernelTable`: number for `ip route show table`. */
  readonly routeTables: readonly { readonly name: string; readonly main: boolean; readonly kernelTable: string; readonly routes: readonly string[] }[];
  readonly peerings: readonly { readonly name: string; readonly with: string; readonly status: string; readonly state: ObjectState }[];
}

export function inspectVpc(snapshot: LabSnapshot, vpc: Vpc): InspectedVpc {
  const index = indexTopology(snapshot.document);
  const gateway = index.gatewayOfVpc(vpc.id);
  const tables = [...index.routeTablesOfVpc(vpc.id)].sort(byName);
  const numbers = routeTableNumbers(index.routeTablesOfVpc(vpc.id));
  return {
    name: vpc.name, id: vpc.id, cidr: vpc.cidr, reachableFromHost: vpc.reachableFromHost, dnsSupport: vpc.dnsSupport,
    namespace: namespaceOf(snapshot.document, snapshot.name, vpc.id),
    state: stateOf(snapshot, vpc.id),
    internetGateway: gateway ? { name: gateway.name, state: stateOf(snapshot, gateway.id) } : null,
    subnets: [...index.subnetsOfVpc(vpc.id)].sort(byName).map((subnet) => inspectSubnet(snapshot, index, subnet)),
    routeTables: tables.map((table) => ({
      name: table.name, main: table.id === vpc.mainRouteTableId, kernelTable: numbers.get(table.id) ?? "",
      routes: [`${vpc.cidr} → local`, ...table.routes.map((route) => describeRoute(route, index))],
    })),
    peerings: index.peeringsOfVpc(vpc.id).map((peering) => ({
      name: peering.name, with: otherEnd(peering, vpc, index), status: peering.status, state: stateOf(snapshot, peering.id),
    })),
  };
}

function inspectSubnet(snapshot: LabSnapshot, index: TopologyIndex, subnet: Subnet): InspectedSubnet {
  const { document, name: topologyName, deployment } = snapshot;
  const common = ({ id, name, address }: { id: string; name: string; address: string }) => ({
    name, address, namespace: namespaceOf(document, topologyName, id), state: stateOf(snapshot, id),
    publicAddress: deployment.publicAddresses[index.elasticIpOf(id)?.id ?? id] ?? null,
  });
  return {
    name: subnet.name, cidr: subnet.cidr, type: subnetType(index, subnet),
    bridge: interfaceName("bridge", snapshot.id, subnet.id),
    gateway: formatAddress(gatewayAddress(cidrFrom(subnet.cidr))),
    routeTable: routeTableOf(index, subnet).name,
    networkAcl: networkAclOf(index, subnet).name,
    firewall: subnet.firewall && describeFirewall(subnet.firewall),
    state: stateOf(snapshot, subnet.id),
    instances: [
      ...index.instancesOfSubnet(subnet.id).map((instance): InspectedInstance => ({
        ...common(instance), kind: "instance", webServerPort: instance.webServer?.port ?? null,
        securityGroups: instance.securityGroupIds.map((id) => index.groupById.get(id)?.name ?? id),
      })),
      ...index.natGatewaysOfSubnet(subnet.id).map((nat): InspectedInstance => ({ ...common(nat), kind: "nat-gateway", webServerPort: null, securityGroups: [] })),
    ],
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => a.name.localeCompare(b.name);

const stateOf = ({ deployment }: LabSnapshot, id: string): ObjectState => deployment.objects[id]?.state ?? "absent";

function otherEnd({ requesterVpcId, accepterVpcId, remote }: Peering, vpc: Vpc, index: TopologyIndex): string {
  const id = requesterVpcId === vpc.id ? accepterVpcId : requesterVpcId;
  return index.vpcById.get(id)?.name ?? (remote ? `${remote.vpcName} of ${remote.topologyName}` : id);
}
