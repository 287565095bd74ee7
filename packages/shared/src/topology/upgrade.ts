import { contentHash } from "../net/content-hash";
import { ALLOW_ALL_ENTRIES } from "./new-defaults";
import { EVERYWHERE } from "./subnet-routing";

/** A document of an older schema as one of the newest; anything else as it is. */
export const upgradeTopology = (input: unknown): unknown => fromSchema2(fromSchema1(input));

/** Schema 2 knew neither firewalls of subnets nor ways from the host, and no resolver. */
function fromSchema2(input: unknown): unknown {
  if (!isRecord(input) || input["schemaVersion"] !== 2) return input;
  return {
    ...input,
    schemaVersion: 3,
    vpcs: each(input["vpcs"], (vpc) => ({ reachableFromHost: false, dnsSupport: true, ...vpc })),
    subnets: each(input["subnets"], (subnet) => ({ firewall: null, ...subnet })),
  };
}

/**
 * A document of schema 1 as one of schema 2; anything else as it is. There, a subnet was public or private, peered VPCs were
 * routed to each other, and nothing was filtered: so the default groups let everything in. Judges nothing: what is wrong with
 * the document, the new schema says, with the same paths. New ids are derived from the VPC's, so that every upgrade of a
 * document gives the same one.
 */
function fromSchema1(input: unknown): unknown {
  if (!isRecord(input) || input["schemaVersion"] !== 1) return input;
  const { vpcs, subnets, instances, internetGateways, peerings } = input;
  const vpcIds = records(vpcs).map((vpc) => String(vpc["id"]));
  const vpcOfSubnet = new Map(records(subnets).map((subnet) => [subnet["id"], String(subnet["vpcId"])]));
  return {
    ...input,
    schemaVersion: 2,
    settings: isRecord(input["settings"]) ? { driftRepair: "manual", ...input["settings"] } : input["settings"],
    vpcs: each(vpcs, (vpc) => ({
      ...vpc, mainRouteTableId: derivedId("rtb", vpc["id"], "main"), defaultNetworkAclId: derivedId("acl", vpc["id"], "default"),
      defaultSecurityGroupId: derivedId("sg", vpc["id"], "default"),
    })),
    subnets: each(subnets, ({ type, ...subnet }) => ({
      ...subnet, routeTableId: type === "public" ? derivedId("rtb", subnet["vpcId"], "public") : null, networkAclId: null,
      autoAssignPublicAddress: type === "public",
    })),
    instances: each(instances, (instance) => ({
      ...instance, securityGroupIds: [derivedId("sg", vpcOfSubnet.get(instance["subnetId"]), "default")], sourceDestCheck: true, publishedPorts: [],
    })),
    natGateways: [],
    elasticIps: [],
    routeTables: inOrder(vpcIds.flatMap((vpcId) => {
      const toPeers = records(peerings).flatMap((peering) => routesToPeer(peering, vpcId, records(vpcs)));
      const main = { id: derivedId("rtb", vpcId, "main"), vpcId, name: "main", routes: toPeers };
      if (!records(subnets).some((subnet) => subnet["vpcId"] === vpcId && subnet["type"] === "public")) return [main];
      const routes = [...toPeers, { destination: EVERYWHERE, target: wayOut(vpcId, records(internetGateways)) }];
      return [main, { id: derivedId("rtb", vpcId, "public"), vpcId, name: "public", routes }];
    })),
    securityGroups: inOrder(vpcIds.map((vpcId) => ({
      id: derivedId("sg", vpcId, "default"), vpcId, name: "default", description: "default VPC security group",
      rules: (["ingress", "egress"] as const).map((direction) => ({
        id: derivedId("sgr", vpcId, direction), direction, protocol: "all", ports: null, peer: { cidr: EVERYWHERE }, description: "",
      })),
    }))),
    networkAcls: inOrder(vpcIds.map((vpcId) => ({ id: derivedId("acl", vpcId, "default"), vpcId, name: "default", entries: ALLOW_ALL_ENTRIES }))),
    peerings: each(peerings, (peering) => ({ ...peering, status: "active", remote: null })),
  };
}

type Rec = Record<string, unknown>;

const isRecord = (value: unknown): value is Rec => typeof value === "object" && value !== null && !Array.isArray(value);
const records = (value: unknown): Rec[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const each = (value: unknown, change: (item: Rec) => Rec): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (isRecord(item) ? change(item) : item)) : value;
const inOrder = <T extends { id: string }>(objects: T[]): T[] => objects.sort((a, b) => (a.id < b.id ? -1 : 1));

/** An id of ours, always the same for the same VPC and role. */
const derivedId = (prefix: string, vpcId: unknown, role: string): string => `${prefix}-${contentHash(["upgrade", String(vpcId), role]).slice(0, 12)}`;

function routesToPeer(peering: Rec, vpcId: string, vpcs: Rec[]): { destination: unknown; target: Rec }[] {
  const { requesterVpcId, accepterVpcId } = peering;
  if (requesterVpcId !== vpcId && accepterVpcId !== vpcId) return [];
  const peerId = requesterVpcId === vpcId ? accepterVpcId : requesterVpcId;
  const peer = vpcs.find((vpc) => vpc["id"] === peerId);
  return peer ? [{ destination: peer["cidr"], target: { kind: "peering", id: peering["id"] } }] : [];
}

/** A public subnet without a gateway waited for one: the blackhole leads to the first that is added. */
function wayOut(vpcId: string, gateways: Rec[]): Rec {
  const gateway = gateways.find((candidate) => candidate["vpcId"] === vpcId);
  return gateway ? { kind: "internet-gateway", id: gateway["id"] } : { kind: "gone", id: derivedId("igw", vpcId, "gateway") };
}
