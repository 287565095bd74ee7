import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import {
  associateElasticIp, newElasticIp, newInstance, newNatGateway, newNetworkAcl, newRouteTable, newSecurityGroup, type NewObject,
} from "../topology/new-object";
import type { Topology } from "../topology/topology";
import type { Result } from "../errors/result";
import { peeredLab, seededRandom } from "./builders";

/**
 * The peered lab with one of everything: a NAT gateway in vpc1's public subnet that the private one is routed to by a table
 * `nat`, an Elastic IP `web-eip` on vpc1's public instance, a firewall instance `fw` beside it that packets to 203.0.113.0/24
 * are routed through, a group `db` that group `web` may reach, an ACL `edge` at the private subnet.
 */
export function fullLab(): Topology {
  const random = seededRandom(11);
  let doc = peeredLab();
  const edit = (command: EditCommand) => {
    const edited = applyEdit(doc, command);
    if (!edited.ok) throw new Error(`full lab: ${edited.error.map((issue) => issue.message).join(" ")}`);
    doc = edited.value.document;
  };
  const add = (made: NewObject | Result<NewObject, unknown>): string => {
    if ("ok" in made && !made.ok) throw new Error("full lab: refused");
    const object = "ok" in made ? made.value : made;
    edit(object.command);
    return object.id;
  };
  const vpc = named(doc.vpcs, "vpc1").id;
  const inVpc = <T extends { vpcId: string; name: string }>(objects: readonly T[], name: string) =>
    named(objects.filter((object) => object.vpcId === vpc), name);
  const publicSubnet = inVpc(doc.subnets, "public").id;
  const privateSubnet = inVpc(doc.subnets, "private").id;
  const web = doc.instances.find((instance) => instance.subnetId === publicSubnet)?.id ?? "";
  const nat = add(newNatGateway(doc, publicSubnet, random));
  edit(associateElasticIp(doc, add(newElasticIp(doc, random)), { kind: "instance", id: web }));
  edit({ op: "update", kind: "elastic-ip", id: named(doc.elasticIps, "eip1").id, set: { name: "web-eip" } });
  const fw = add(newInstance(doc, publicSubnet, random));
  edit({ op: "update", kind: "instance", id: fw, set: { name: "fw", sourceDestCheck: false } });
  const table = add(newRouteTable(doc, vpc, random));
  edit({
    op: "update", kind: "route-table", id: table,
    set: { name: "nat", routes: [{ destination: "0.0.0.0/0", target: { kind: "nat-gateway", id: nat } }, { destination: "203.0.113.0/24", target: { kind: "instance", id: fw } }] },
  });
  const db = add(newSecurityGroup(doc, vpc, random));
  edit({
    op: "update", kind: "security-group", id: db,
    set: { name: "db", rules: [{ id: "sgr-00000000d001", direction: "ingress", protocol: "tcp", ports: { from: 5432, to: 5432 }, peer: { securityGroupId: inVpc(doc.securityGroups, "web").id }, description: "from the web servers" }] },
  });
  const acl = add(newNetworkAcl(doc, vpc, random));
  const everything = { protocol: "all", ports: null, cidr: "0.0.0.0/0", action: "allow" } as const;
  edit({
    op: "update", kind: "network-acl", id: acl,
    set: { name: "edge", entries: [{ direction: "ingress", number: 100, ...everything }, { direction: "egress", number: 100, ...everything }] },
  });
  edit({ op: "update", kind: "subnet", id: privateSubnet, set: { routeTableId: table, networkAclId: acl } });
  return doc;
}

/** The object of that name; throws when there is none. */
export function named<T extends { name: string }>(objects: readonly T[], name: string): T {
  const found = objects.find((object) => object.name === name);
  if (!found) throw new Error(`the lab has no “${name}”`);
  return found;
}
