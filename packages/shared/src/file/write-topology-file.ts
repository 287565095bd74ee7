import type { Peering, Topology, Vpc } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { DEFAULT_NAME, impliedGatewayName, impliedPeeringName, MAIN_TABLE } from "./implied";
import { writeAcls, writeGroups } from "./write-filters";
import { writeRouteTables } from "./write-routes";
import { writeSubnets } from "./write-subnets";
import { byName, compact, orNothing, Writing } from "./writing";

/** A valid topology as the plain values of a file: by names, without what need not be said. `readTopologyFile` reads the same again. */
export function writeTopologyFile(doc: Topology, name: string | null): Record<string, unknown> {
  const writing = new Writing(doc);
  const { addressing, driftRepair, note } = doc.settings;
  const settings = compact({
    addressing: addressing === EMPTY_TOPOLOGY.settings.addressing ? undefined : addressing,
    driftRepair: driftRepair === EMPTY_TOPOLOGY.settings.driftRepair ? undefined : driftRepair,
    note,
  });
  const free = doc.elasticIps.filter((ip) => ip.target === null).sort(byName).map((ip) => ip.name);
  return compact({
    name: name ?? undefined,
    settings: orNothing(settings),
    vpcs: orNothing(Object.fromEntries([...doc.vpcs].sort(byName).map((vpc) => [vpc.name, writeVpc(writing, vpc)]))),
    peerings: doc.peerings.length > 0 ? [...doc.peerings].sort(byName).map((peering) => writePeering(writing, peering)) : undefined,
    elasticIps: free.length > 0 ? free : undefined,
  });
}

function writeVpc(writing: Writing, vpc: Vpc): unknown {
  const { index } = writing;
  const gateway = index.gatewayOfVpc(vpc.id)?.name;
  const otherThan = (usual: string, name: string | undefined) => (name === usual ? undefined : name);
  return compact({
    cidr: vpc.cidr,
    reachableFromHost: vpc.reachableFromHost || undefined,
    dns: vpc.dnsSupport ? undefined : false,
    internetGateway: gateway === impliedGatewayName(vpc.name) ? true : gateway,
    subnets: writeSubnets(writing, vpc),
    routeTables: writeRouteTables(writing, vpc),
    securityGroups: writeGroups(writing, vpc),
    networkAcls: writeAcls(writing, vpc),
    mainRouteTable: otherThan(MAIN_TABLE, index.routeTableById.get(vpc.mainRouteTableId)?.name),
    defaultSecurityGroup: otherThan(DEFAULT_NAME, index.groupById.get(vpc.defaultSecurityGroupId)?.name),
    defaultNetworkAcl: otherThan(DEFAULT_NAME, index.networkAclById.get(vpc.defaultNetworkAclId)?.name),
  });
}

function writePeering(writing: Writing, peering: Peering): unknown {
  const { remote } = peering;
  const end = (side: "requester" | "accepter", id: string) =>
    remote?.side === side ? `${remote.topologyName}/${remote.vpcName}` : (writing.index.vpcById.get(id)?.name ?? "");
  const [requester, accepter] = [end("requester", peering.requesterVpcId), end("accepter", peering.accepterVpcId)];
  const between = `${requester} <-> ${accepter}`;
  const vpcName = (text: string) => text.slice(text.indexOf("/") + 1);
  const more = compact({
    name: peering.name === impliedPeeringName(vpcName(requester), vpcName(accepter)) ? undefined : peering.name,
    status: peering.status === "active" ? undefined : peering.status,
    routes: writing.withRoutes.includes(peering) ? undefined : "none",
    remote: remote ? {
      topologyId: remote.topologyId, vpcId: remote.side === "requester" ? peering.requesterVpcId : peering.accepterVpcId, cidr: remote.cidr, peeringId: peering.id,
    } : undefined,
  });
  return Object.keys(more).length === 0 ? between : { between, ...more };
}
