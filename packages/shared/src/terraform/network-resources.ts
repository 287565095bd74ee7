import { cidrFrom, parseAddress } from "../net/cidr";
import { usableRange } from "../net/subnet-addresses";
import { routeTableOf } from "../topology/effective";
import type { Instance, NatGateway, Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { block, expression, type HclBlock } from "./hcl";
import type { ResourceNames } from "./resource-names";

export interface Exporting {
  readonly doc: Topology;
  readonly index: TopologyIndex;
  readonly names: ResourceNames;
}

const tags = (name: string) => ({ tags: expression(`{ Name = "${name}" }`) });

/** VPCs, subnets and internet gateways. */
export function placeResources({ doc, names }: Exporting): HclBlock[] {
  return [
    ...doc.vpcs.map((vpc) => block("resource", ["aws_vpc", names.of(vpc.id)], {
      cidr_block: vpc.cidr, enable_dns_support: vpc.dnsSupport, ...tags(vpc.name),
    }, { comments: vpc.reachableFromHost ? ["The lab's host reaches this VPC; in AWS that takes a VPN or a bastion."] : [] })),
    ...doc.internetGateways.map((gateway) => block("resource", ["aws_internet_gateway", names.of(gateway.id)], {
      vpc_id: names.reference(gateway.vpcId), ...tags(gateway.name),
    })),
    ...doc.subnets.map((subnet) => block("resource", ["aws_subnet", names.of(subnet.id)], {
      vpc_id: names.reference(subnet.vpcId), cidr_block: subnet.cidr, map_public_ip_on_launch: subnet.autoAssignPublicAddress, ...tags(subnet.name),
    }, { comments: subnet.firewall ? ["This subnet has a firewall of its own in the lab; AWS has nothing like it."] : [] })),
  ];
}

/** Instances, NAT gateways, Elastic IPs. */
export function interfaceResources(exporting: Exporting): HclBlock[] {
  const { doc, names } = exporting;
  return [
    ...doc.instances.map((instance) => instanceResource(instance, exporting)),
    ...doc.natGateways.map((gateway) => natResource(gateway, exporting)),
    ...doc.elasticIps.map(({ id, name, target }) => block("resource", ["aws_eip", names.of(id)], {
      domain: "vpc", instance: target?.kind === "instance" ? names.reference(target.id) : undefined, ...tags(name),
    })),
  ];
}

function instanceResource(instance: Instance, exporting: Exporting): HclBlock {
  const { names } = exporting;
  const { address, comments } = privateAddress(instance, exporting);
  const programs = [
    ...(instance.webServer ? [`In the lab a web server runs on tcp ${instance.webServer.port}; the image must bring its own.`] : []),
    ...(instance.publishedPorts.length > 0 ? ["Published ports of the lab's host have no counterpart in AWS."] : []),
  ];
  return block("resource", ["aws_instance", names.of(instance.id)], {
    ami: expression("var.ami"), instance_type: expression("var.instance_type"), subnet_id: names.reference(instance.subnetId), private_ip: address,
    vpc_security_group_ids: instance.securityGroupIds.map((id) => names.reference(id)), source_dest_check: instance.sourceDestCheck, ...tags(instance.name),
  }, { comments: [...comments, ...programs] });
}

function natResource(gateway: NatGateway, exporting: Exporting): HclBlock {
  const { index, names } = exporting;
  const { address, comments } = privateAddress(gateway, exporting);
  const elasticIp = index.elasticIpOf(gateway.id);
  const internetGateway = index.gatewayOfVpc(index.subnetById.get(gateway.subnetId)?.vpcId ?? "");
  return block("resource", ["aws_nat_gateway", names.of(gateway.id)], {
    subnet_id: names.reference(gateway.subnetId), private_ip: address,
    connectivity_type: elasticIp ? "public" : "private", allocation_id: elasticIp ? names.reference(elasticIp.id) : undefined,
    ...tags(gateway.name),
    depends_on: elasticIp && internetGateway ? [expression(`aws_internet_gateway.${names.of(internetGateway.id)}`)] : undefined,
  }, { comments });
}

/** AWS keeps the first four addresses of a subnet; one of those is left to AWS to choose. */
function privateAddress({ subnetId, address }: { readonly subnetId: string; readonly address: string }, { index }: Exporting): { address: string | undefined; comments: string[] } {
  const usable = usableRange(cidrFrom(index.subnetById.get(subnetId)?.cidr ?? ""), "aws");
  const number = parseAddress(address) ?? 0;
  if (number >= usable.first && number <= usable.last) return { address, comments: [] };
  return { address: undefined, comments: [`${address} in the lab; AWS reserves it, so another one is chosen.`] };
}

/** Peerings within the topology that carry packets or may: those with others have one end here only. */
export function peeringResources({ doc, names }: Exporting): HclBlock[] {
  return doc.peerings.filter(isExported).map((peering) => block("resource", ["aws_vpc_peering_connection", names.of(peering.id)], {
    vpc_id: names.reference(peering.requesterVpcId), peer_vpc_id: names.reference(peering.accepterVpcId), auto_accept: peering.status === "active", ...tags(peering.name),
  }));
}

export const isExported = (peering: Topology["peerings"][number]): boolean =>
  peering.remote === null && (peering.status === "active" || peering.status === "pending-acceptance");

/** Every subnet is associated by name, also with its VPC's main table. */
export function routeResources(exporting: Exporting): HclBlock[] {
  const { doc, index, names } = exporting;
  return [
    ...doc.routeTables.flatMap((table) => [
      block("resource", ["aws_route_table", names.of(table.id)], { vpc_id: names.reference(table.vpcId), ...tags(table.name) }, {
        comments: table.routes.filter((route) => !targetOf(route, exporting)).map(({ destination }) => `${destination} leads nowhere in the lab; AWS has no route without a target.`),
      }),
      ...table.routes.flatMap((route): HclBlock[] => {
        const target = targetOf(route, exporting);
        return target ? [block("resource", ["aws_route", `${names.of(table.id)}_${route.destination.replace(/[./]/g, "-")}`], {
          route_table_id: names.reference(table.id), destination_cidr_block: route.destination, ...target,
        })] : [];
      }),
    ]),
    ...doc.vpcs.map((vpc) => block("resource", ["aws_main_route_table_association", names.of(vpc.id)], {
      vpc_id: names.reference(vpc.id), route_table_id: names.reference(vpc.mainRouteTableId),
    })),
    ...doc.subnets.map((subnet) => block("resource", ["aws_route_table_association", names.of(subnet.id)], {
      subnet_id: names.reference(subnet.id), route_table_id: names.reference(routeTableOf(index, subnet).id),
    })),
  ];
}

function targetOf({ target: { kind, id } }: Topology["routeTables"][number]["routes"][number], { index, names }: Exporting): HclBlock["arguments"] | null {
  switch (kind) {
    case "internet-gateway": return { gateway_id: names.reference(id) };
    case "nat-gateway": return { nat_gateway_id: names.reference(id) };
    case "instance": return { network_interface_id: names.reference(id, "primary_network_interface_id") };
    case "peering": {
      const peering = index.peeringById.get(id);
      return peering && isExported(peering) ? { vpc_peering_connection_id: names.reference(id) } : null;
    }
    case "gone": return null;
  }
}
