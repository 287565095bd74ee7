import { peeredLab, seededRandom } from "@vpclab/shared/testing/builders";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { NewObject } from "@vpclab/shared/topology/new-object";
import {
  associateElasticIp, newElasticIp, newInstance, newNatGateway, newNetworkAcl, newRouteTable, newSecurityGroup,
} from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";

/**
 * Every kind of object in one small drawing. vpc1: public (web server, Elastic IP, NAT gateway), private (an ACL and a group
 * of its own, its way out by the NAT gateway, a middlebox `i1`, a web server); vpc2: public, peered with vpc1.
 */
export function mixedLab(): Topology {
  const random = seededRandom(7);
  let doc = peeredLab();
  const edit = (command: EditCommand): void => {
    const edited = applyEdit(doc, command);
    if (!edited.ok) throw new Error(edited.error.map((issue) => issue.message).join(" "));
    doc = edited.value.document;
  };
  const add = (made: NewObject): string => (edit(made.command), made.id);
  const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };
  const vpc1 = doc.vpcs.find(({ name }) => name === "vpc1")!;
  const subnet = (name: string) => doc.subnets.find((candidate) => candidate.vpcId === vpc1.id && candidate.name === name)!;
  const main = (name: string) => doc.instances.find(({ subnetId }) => subnetId === subnet(name).id)!;
  const [peering] = doc.peerings;

  const nat = add(value(newNatGateway(doc, subnet("public").id, random)));
  const table = add(newRouteTable(doc, vpc1.id, random));
  edit({
    op: "update", kind: "route-table", id: table,
    set: { name: "by-nat", routes: [{ destination: "0.0.0.0/0", target: { kind: "nat-gateway", id: nat } }, { destination: "172.16.0.0/16", target: { kind: "peering", id: peering!.id } }] },
  });
  const acl = add(newNetworkAcl(doc, vpc1.id, random));
  edit({
    op: "update", kind: "network-acl", id: acl,
    set: {
      entries: (["ingress", "egress"] as const).flatMap((direction) => [
        { direction, number: 90, action: "deny" as const, protocol: "tcp" as const, ports: { from: 23, to: 23 }, cidr: "0.0.0.0/0" },
        { direction, number: 100, action: "allow" as const, protocol: "all" as const, ports: null, cidr: "0.0.0.0/0" },
      ]),
    },
  });
  edit({ op: "update", kind: "subnet", id: subnet("private").id, set: { routeTableId: table, networkAclId: acl } });
  const group = add(newSecurityGroup(doc, vpc1.id, random));
  const rules = doc.securityGroups.find(({ id }) => id === group)!.rules;
  edit({
    op: "update", kind: "security-group", id: group,
    set: {
      rules: [
        ...rules,
        { id: "sgr-00000000000a", direction: "ingress", protocol: "tcp", ports: { from: 8080, to: 8080 }, peer: { securityGroupId: vpc1.defaultSecurityGroupId }, description: "" },
        { id: "sgr-00000000000b", direction: "ingress", protocol: "icmp", ports: null, peer: { cidr: "0.0.0.0/0" }, description: "" },
      ],
    },
  });
  edit({ op: "update", kind: "instance", id: main("private").id, set: { securityGroupIds: [group], webServer: { port: 8080 } } });
  const defaults = doc.securityGroups.find(({ id }) => id === vpc1.defaultSecurityGroupId)!;
  edit({
    op: "update", kind: "security-group", id: defaults.id,
    set: { rules: [...defaults.rules, { id: "sgr-00000000000c", direction: "ingress", protocol: "tcp", ports: { from: 8080, to: 8080 }, peer: { cidr: "0.0.0.0/0" }, description: "" }] },
  });
  const middlebox = add(value(newInstance(doc, subnet("private").id, random)));
  edit({ op: "update", kind: "instance", id: middlebox, set: { sourceDestCheck: false } });
  const elasticIp = add(newElasticIp(doc, random));
  edit(associateElasticIp(doc, elasticIp, { kind: "instance", id: main("public").id }));
  return doc;
}
