import type { ErrorCode } from "../errors/error-code";
import { hinted, inLab, LAB, labWith, pathTo, refused, rows, setting, type Attempt, type BadInput } from "./bad-input";
import { named } from "./full-lab";

/** Addresses, prefixes, routes. */

const vpc = inLab("vpcs", "vpc1");
const other = named(LAB.vpcs, "vpc2");
const subnet = inLab("subnets", "private");
const web = inLab("instances", "main");
const fw = inLab("instances", "fw");
const nat = inLab("natGateways", "nat");
const table = inLab("routeTables", "nat");
const main = inLab("routeTables", "main");
const publicTable = inLab("routeTables", "public");
const otherGateway = LAB.internetGateways.find((gateway) => gateway.vpcId === other.id);
const db = inLab("securityGroups", "db");
const edge = inLab("networkAcls", "edge");
const peering = named(LAB.peerings, "vpc1-vpc2");

const anyProtocol = { protocol: "all", ports: null } as const;
/** One prefix in every field that takes one. */
const everywhere = (id: string, prefixes: readonly string[], code: ErrorCode): BadInput[] => rows(id, prefixes, (cidr) => ({
  attempt: setting(vpc, { cidr }), expected: refused(code, ...pathTo(vpc), "cidr"),
})).concat(
  rows(id, prefixes, (cidr) => ({ what: `subnet ${cidr}`, attempt: setting(subnet, { cidr }), expected: refused(code, ...pathTo(subnet), "cidr") })),
);
/** Routes and rules may be about any prefix, so there only its spelling matters. */
const inRules = (id: string, prefixes: readonly string[], code: ErrorCode): BadInput[] => prefixes.flatMap((cidr): BadInput[] => [
  { id, what: `route ${cidr}`, attempt: routed(cidr), expected: refused(code, ...pathTo(main), "routes", 0, "destination") },
  {
    id, what: `rule ${cidr}`, attempt: setting(db, { rules: [{ id: "sgr-00000000d009", direction: "ingress", ...anyProtocol, peer: { cidr }, description: "" }] }),
    expected: refused(code, ...pathTo(db), "rules", 0, "peer", "cidr"),
  },
  {
    id, what: `entry ${cidr}`, attempt: setting(edge, { entries: [{ direction: "ingress", number: 1, action: "deny", ...anyProtocol, cidr }] }),
    expected: refused(code, ...pathTo(edge), "entries", 0, "cidr"),
  },
]);
const address = (id: string, text: string, code: ErrorCode): BadInput =>
  ({ id, what: text, attempt: setting(fw, { address: text }), expected: refused(code, ...pathTo(fw), "address") });

const route = (destination: string, kind: string, id: string) => ({ destination, target: { kind, id } });
function routed(destination: string): Attempt {
  return setting(main, { routes: [route(destination, "instance", fw.id)] });
}
const routes = (what: string, list: readonly unknown[], code: ErrorCode, ...path: (string | number)[]): BadInput =>
  ({ id: "B-B23", what, attempt: setting(main, { routes: list }), expected: refused(code, ...pathTo(main), "routes", ...path) });

const SYNTAX = [
  "010.0.0.0/16", "10.0.0.0/016", "10.0.0.0/+8", "10.0.0.0/ 8", "10.0.0.0/8.0", "10.0.0.0/08", "10.1/16", "10/8", "0xa.0.0.0/16", "0x0a000000/16",
  "167772160/16", "localhost", "example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/999", "10.0.0.0", "１０.0.0.0/16", "١٠.0.0.0/16", "10.0.0.0./16",
  " 10.0.0.0/16", "10.0.0.0/16 ", "10.0.0.0 /16", "10.0.0.0/16\n", "", "/", "10.0.0.0/16/16", "10..0.0/16", "10.0.0.256/16", "10.0.0.0.0/16", "::ffff:10.0.0.0/112",
  "::10.0.0.0/112", "2002:a00::/16", "64:ff9b::/96", "fe80::1%eth0/64", "::/0", "10.0.0.0/16; reboot",
];

export const BAD_ADDRESSES: readonly BadInput[] = [
  ...everywhere("B-B1", ["10.0.0.0/8", "0.0.0.0/0"], "PREFIX_RANGE"),
  ...everywhere("B-B2", ["10.0.0.5/32", "10.0.0.4/31", "10.0.0.4/30", "10.0.0.8/29"], "PREFIX_RANGE"),
  ...everywhere("B-B3", ["10.0.2.5/24", "10.0.0.1/16"], "CIDR_NOT_CANONICAL"),
  ...inRules("B-B3", ["192.0.2.5/24", "10.0.0.1/0"], "CIDR_NOT_CANONICAL"),
  ...everywhere("B-B4 to B-B12", SYNTAX, "CIDR_SYNTAX"),
  ...inRules("B-B4 to B-B12", SYNTAX, "CIDR_SYNTAX"),
  ...["010.0.1.9", "10.1", "0x0a000109", "167772425", "web", "１０.0.1.9", "10.0.1.9.", " 10.0.1.9", "::ffff:10.0.1.9", "10.0.1.9/24", ""].map((text) => address("B-B4 to B-B12", text, "ADDR_SYNTAX")),
  ...everywhere("B-B13", ["127.0.0.0/16", "169.254.0.0/16", "0.0.0.0/16", "224.0.0.0/16", "240.0.0.0/16", "255.255.255.240/28"], "PREFIX_RESERVED"),
  ...["127.0.0.0/8", "169.254.169.0/24", "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"].map((cidr): BadInput =>
    ({ id: "B-B13", what: `route ${cidr}`, attempt: routed(cidr), expected: refused("PREFIX_RESERVED", ...pathTo(main), "routes", 0, "destination") })),
  {
    id: "B-B17", what: "a subnet outside its VPC", attempt: setting(subnet, { cidr: "10.9.0.0/24" }),
    expected: refused("CIDR_OUTSIDE_VPC", ...pathTo(subnet), "cidr"),
  },
  { id: "B-B17", what: "two subnets that overlap", attempt: setting(subnet, { cidr: "10.0.0.0/22" }), expected: refused("CIDR_OVERLAP", ...pathTo(subnet.id < inLab("subnets", "public").id ? inLab("subnets", "public") : subnet), "cidr") },
  {
    id: "B-B17", what: "a subnet that touches the border of its VPC",
    attempt: { edit: { op: "batch", commands: [{ op: "update", kind: "subnet", id: subnet.id, set: { cidr: "10.0.255.0/24" } }, ...LAB.instances.filter((instance) => instance.subnetId === subnet.id).map((instance) => ({ op: "update", kind: "instance", id: instance.id, set: { address: "10.0.255.254" } }))] } },
    expected: null,
  },
  {
    id: "B-B18", what: "peered VPCs that overlap",
    attempt: labWith((doc) => {
      for (const each of doc.vpcs) each.cidr = "10.0.0.0/16";
      for (const each of doc.subnets) each.cidr = each.cidr.replace("172.16.1", "10.0.9");
      for (const each of doc.instances) each.address = each.address.replace("172.16.1", "10.0.9");
      for (const each of doc.routeTables) each.routes = each.routes.filter(({ target }) => target.kind !== "peering");
    }),
    expected: refused("PEER_OVERLAP", ...pathTo(peering), "accepterVpcId"),
  },
  {
    id: "B-B18", what: "a peering with another topology whose VPC overlaps",
    attempt: labWith((doc) => {
      doc.peerings.push({
        id: "pcx-ffffffffffff", name: "abroad", requesterVpcId: vpc.id, accepterVpcId: "vpc-ffffffffffff", status: "pending-acceptance",
        remote: { side: "accepter", topologyId: "00000000-0000-4000-8000-00000000abcd", topologyName: "abroad", vpcName: "vpc9", cidr: "10.0.128.0/20" },
      });
    }),
    expected: refused("PEER_OVERLAP", "peerings", 1, "accepterVpcId"),
  },
  address("B-B21", web.address, "ADDR_TAKEN"),
  { id: "B-B21", what: "a NAT gateway at an instance's address", attempt: setting(nat, { address: web.address }), expected: refused("ADDR_TAKEN", ...pathTo(nat), "address") },
  ...["10.0.1.0", "10.0.1.1", "10.0.1.255"].map((text) => address("B-B21", text, "ADDR_RESERVED")),
  address("B-B21", "10.0.2.9", "ADDR_OUTSIDE_SUBNET"),
  routes("two defaults", [route("0.0.0.0/0", "instance", fw.id), route("0.0.0.0/0", "nat-gateway", nat.id)], "ROUTE_DUPLICATE", 1, "destination"),
  routes("the VPC itself", [route(vpc.cidr, "instance", fw.id)], "ROUTE_LOCAL", 0, "destination"),
  routes("a part of a subnet", [route("10.0.2.0/25", "instance", fw.id)], "ROUTE_LOCAL", 0, "destination"),
  routes("an own subnet by a peering", [route(subnet.cidr, "peering", peering.id)], "ROUTE_LOCAL", 0, "destination"),
  { id: "B-B23", what: "an own subnet by a firewall", attempt: setting(main, { routes: [route(subnet.cidr, "instance", fw.id)] }), expected: null },
  routes("a target that is not there", [route("0.0.0.0/0", "instance", "i-ffffffffffff")], "REF_UNKNOWN", 0, "target"),
  routes("a target of another kind", [route("0.0.0.0/0", "instance", nat.id)], "REF_UNKNOWN", 0, "target"),
  routes("another VPC's gateway", [route("0.0.0.0/0", "internet-gateway", otherGateway?.id ?? "")], "ROUTE_TARGET", 0, "target"),
  routes("a target that never was one", [route("0.0.0.0/0", "gone", "../etc")], "ROUTE_TARGET", 0, "target"),
  { id: "B-B23", what: "a target that was deleted", attempt: setting(main, { routes: [route("0.0.0.0/0", "gone", "nat-00000000dead")] }), expected: hinted("ROUTE_BLACKHOLE", ...pathTo(main), "routes", 0, "target") },
  {
    id: "B-B23", what: "an instance that is sent to itself", attempt: setting(publicTable, { routes: [route("192.0.2.0/24", "instance", fw.id)] }),
    expected: refused("ROUTE_LOOP", ...pathTo(publicTable), "routes", 0, "target"),
  },
  {
    id: "B-B23", what: "a loop of two instances",
    attempt: {
      edit: {
        op: "batch",
        commands: [
          { op: "update", kind: "route-table", id: publicTable.id, set: { routes: [route("192.0.2.0/24", "instance", LAB.instances.find((each) => each.subnetId === subnet.id)?.id ?? "")] } },
          { op: "update", kind: "route-table", id: table.id, set: { routes: [route("192.0.0.0/16", "instance", fw.id)] } },
        ],
      },
    },
    expected: refused("ROUTE_LOOP", ...pathTo(publicTable), "routes", 0, "target"),
  },
  {
    id: "B-B23", what: "10,000 routes",
    attempt: setting(main, { routes: Array.from({ length: 10_000 }, (_, n) => route(`20.${Math.floor(n / 256)}.${n % 256}.0/24`, "instance", fw.id)) }),
    expected: refused("LIMIT_ROUTES", ...pathTo(main), "routes"),
  },
];
