import { describe, expect, it } from "vitest";
import { entry, fwRule, port, TinyLab, via } from "../testing/tiny-lab";
import type { SecurityGroup } from "../topology/topology";
import { validateTopology } from "../topology/validate";
import { hopObjects } from "./hops";
import type { ProbeEnd } from "./probe";
import { explainReachability } from "./reachability";
import type { ExplanationCode, Flow } from "./verdict";
import { EXPLANATION_CODES } from "./verdict";

/**
 * Everybody is open to everybody in this lab; each row changes one thing.
 *
 *   v 10.0.0.0/16    pub 10.0.1.0/24 → v-igw, addresses assigned    priv 10.0.2.0/24    mid 10.0.3.0/24 (both: main table)
 *   w 10.1.0.0/16    pub 10.1.1.0/24 → w-igw                         peered with v, routes in all tables
 *   x 10.2.0.0/16    one 10.2.1.0/24                                 peered with w only
 *   z 10.0.0.0/16    one 10.0.2.0/24                                 same range as v, not peered
 */
function lab(): TinyLab {
  const lab = new TinyLab();
  for (const [name, cidr] of [["v", "10.0.0.0/16"], ["w", "10.1.0.0/16"], ["x", "10.2.0.0/16"], ["z", "10.0.0.0/16"]] as const) lab.vpc(name, cidr);
  lab.peering("v", "w");
  lab.peering("w", "x");
  const toW = via("10.1.0.0/16", "peering", "pcx-v-w");
  const toV = via("10.0.0.0/16", "peering", "pcx-v-w");
  lab.subnet("v/pub", "10.0.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-v"), toW]).autoAssignPublicAddress = true;
  lab.subnet("v/priv", "10.0.2.0/24");
  lab.subnet("v/mid", "10.0.3.0/24", [toW]);
  table(lab, "v", "main").routes.push(toW);
  lab.subnet("w/pub", "10.1.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-w"), toV, via("10.2.0.0/16", "peering", "pcx-w-x")]);
  lab.subnet("x/one", "10.2.1.0/24", [via("10.1.0.0/16", "peering", "pcx-w-x")]);
  lab.subnet("z/one", "10.0.2.0/24", []);
  return lab;
}

function table(lab: TinyLab, vpc: string, name: string) {
  const found = lab.doc.routeTables.find(({ id }) => id === `rtb-${vpc}-${name}`);
  if (!found) throw new Error(`no table ${vpc}/${name}`);
  return found;
}
const subnet = (lab: TinyLab, place: string) => lab.doc.subnets.find(({ id }) => id === `subnet-${place.replace("/", "-")}`)!;
const instance = (lab: TinyLab, place: string) => lab.doc.instances.find(({ id }) => id === idOf(place))!;
const idOf = (place: string) => `i-${(place.split("/").length === 2 ? `${place}/main` : place).replaceAll("/", "-")}`;
const wear = (lab: TinyLab, place: string, ...groups: SecurityGroup[]) => void (instance(lab, place).securityGroupIds = groups.map(({ id }) => id));
/** `v/priv` gets out by a NAT gateway in `v/pub`. */
function withNat(lab: TinyLab, elasticIp = true) {
  const nat = lab.nat("v/pub/nat", 9);
  if (elasticIp) lab.elasticIp(nat);
  table(lab, "v", "main").routes.push(via("0.0.0.0/0", "nat-gateway", nat.id));
  return nat;
}
function withoutGateways(lab: TinyLab): void {
  lab.doc.internetGateways = [];
  for (const each of lab.doc.routeTables) each.routes = each.routes.filter(({ target }) => target.kind !== "internet-gateway");
}
/** What `v/priv` sends to `v/mid` passes `v/pub/fw`; back it goes directly. */
function withMiddlebox(lab: TinyLab, ...groups: SecurityGroup[]) {
  const fw = lab.middlebox("v/pub/fw", 7, groups.length > 0 ? groups : undefined);
  table(lab, "v", "main").routes.push(via("10.0.3.0/24", "instance", fw.id));
  return fw;
}
const backByMiddlebox = (lab: TinyLab) => table(lab, "v", "mid").routes.push(via("10.0.2.0/24", "instance", "i-v-pub-fw"));

function end(place: string): ProbeEnd {
  if (place === "internet") return { internet: true };
  if (place === "host") return { host: true };
  const [, seen] = /^public:(.+)$/.exec(place) ?? [];
  if (seen === undefined) return { instanceId: idOf(place) };
  return { publicAddressOf: seen.startsWith("nat-") ? seen : idOf(seen) };
}
const opened = (lab: TinyLab, vpc: string): void => void (lab.doc.vpcs.find(({ name }) => name === vpc)!.reachableFromHost = true);


/** `icmp v/pub > v/priv`, `tcp:80 internet > v/pub`, `tcp:80 from 40000 v/pub > v/priv`. */
function flowOf(text: string): Flow {
  const [, protocol, number, from, source = "", destination = ""] = /^(\w+)(?::(\d+))?(?: from (\d+))? (\S+) > (\S+)$/.exec(text) ?? [];
  return {
    protocol: protocol as Flow["protocol"], port: number === undefined ? null : Number(number),
    ...(from === undefined ? {} : { sourcePort: Number(from) }), source: end(source), destination: end(destination),
  };
}

interface Row {
  readonly flow: string;
  readonly code: ExplanationCode;
  /** Only where it is not what the code says. */
  readonly reachable?: boolean;
  readonly change?: (lab: TinyLab) => void;
  /** Part of the sentence. */
  readonly why?: string;
  /** Object and rule that decide. */
  readonly by?: readonly [string | null, string | null];
  /** Objects on the way, e.g. `i-v-pub-main subnet-v-pub vpc-v`; the internet is `*`. */
  readonly there?: string;
  readonly back?: string;
  readonly pool?: boolean;
}

const web = (lab: TinyLab, peer?: SecurityGroup["rules"][number]["peer"]) => lab.group("v", "web", [lab.rule("ingress", "tcp", port(80), peer), lab.rule("egress")]);
const EPHEMERAL = port(32768, 60999);

const ROWS: Record<string, Row> = {
  // ---- ends
  "an instance that is not drawn": { flow: "icmp v/nobody > v/priv", code: "NO_SOURCE_OR_DESTINATION", why: "The source instance" },
  "a target that is not drawn": { flow: "icmp v/priv > v/nobody", code: "NO_SOURCE_OR_DESTINATION", why: "The target instance" },
  "internet to internet is nobody's drawing": { flow: "icmp internet > internet", code: "NO_PATH" },
  "an instance reaches itself, whatever its groups": {
    flow: "tcp:80 v/pub > v/pub", code: "REACHABLE", why: "same instance",
    change: (lab) => wear(lab, "v/pub", lab.group("v", "none", [])),
  },

  // ---- within a subnet
  "neighbours reach each other without router, table and ACL": {
    flow: "tcp:80 v/priv > v/priv/b", code: "REACHABLE", why: "no router is involved", by: ["sg-v-default", "sgr-1"],
    change: (lab) => { lab.instance("v/priv/b", 3); lab.acl("v/priv", []); },
    there: "i-v-priv-main subnet-v-priv i-v-priv-b", back: "i-v-priv-b subnet-v-priv i-v-priv-main",
  },
  "neighbours are filtered by the target's group": {
    flow: "tcp:81 v/priv > v/priv/b", code: "ENI_SG_RULES_MISMATCH", by: ["sg-v-web", null],
    change: (lab) => void lab.instance("v/priv/b", 3, [web(lab)]),
    why: "Security group “web” of v/priv/b has no ingress rule that allows tcp 81 from 10.0.2.2; add one.",
  },

  // ---- the local route
  "subnets of a VPC are joined by its local route": {
    flow: "icmp v/pub > v/priv", code: "REACHABLE", why: "The local route of v (10.0.0.0/16)", by: ["rtb-v-pub", "local"],
    there: "i-v-pub-main subnet-v-pub vpc-v subnet-v-priv i-v-priv-main", back: "i-v-priv-main subnet-v-priv vpc-v subnet-v-pub i-v-pub-main",
  },
  "a more specific route to something gone is a blackhole": {
    flow: "icmp v/priv > v/mid", code: "BAD_STATE_ROUTE", by: ["rtb-v-main", "10.0.3.0/24"], why: "its target i-0123456789ab is gone",
    change: (lab) => table(lab, "v", "main").routes.push(via("10.0.3.0/24", "gone", "i-0123456789ab")),
  },
  "a blackhole on the way back is found": {
    flow: "icmp v/priv > v/mid", code: "BAD_STATE_ROUTE", by: ["rtb-v-mid", "10.0.2.0/24"], why: "its answer does not come back",
    change: (lab) => table(lab, "v", "mid").routes.push(via("10.0.2.0/24", "gone", "i-0123456789ab")),
  },

  // ---- security groups
  "a group without egress rules lets nothing out": {
    flow: "tcp:80 v/pub > v/priv", code: "SG_HAS_NO_RULES", by: ["sg-v-none", null], there: "i-v-pub-main",
    change: (lab) => wear(lab, "v/pub", lab.group("v", "none", [lab.rule("ingress")])),
    why: "Security group “none” of v/pub/main has no egress rules; add one that allows tcp 80 to 10.0.2.2.",
  },
  "the sender's egress must name the port": {
    flow: "tcp:81 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH", by: ["sg-v-out", null], why: "no egress rule that allows tcp 81 to 10.0.2.2",
    change: (lab) => wear(lab, "v/pub", lab.group("v", "out", [lab.rule("egress", "tcp", port(80))])),
  },
  "egress and ingress are two gates: a wide one does not open the other": {
    flow: "tcp:22 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH", by: ["sg-v-web", null],
    change: (lab) => wear(lab, "v/priv", web(lab)),
  },
  "groups are stateful: the answer needs no rule": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => {
      wear(lab, "v/pub", lab.group("v", "out", [lab.rule("egress", "tcp", port(80))]));
      wear(lab, "v/priv", lab.group("v", "in", [lab.rule("ingress", "tcp", port(80))]));
    },
  },
  "all groups of an instance are joined": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => wear(lab, "v/priv", lab.group("v", "ssh", [lab.rule("ingress", "tcp", port(22))]), web(lab)),
  },
  "several groups are named where none allows": {
    flow: "tcp:443 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH", why: "Security groups “ssh” and “web” of v/priv/main have no ingress rule",
    change: (lab) => wear(lab, "v/priv", lab.group("v", "ssh", [lab.rule("ingress", "tcp", port(22))]), web(lab)),
  },
  "a port range includes both its ends": {
    flow: "udp:2000 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => wear(lab, "v/priv", lab.group("v", "range", [lab.rule("ingress", "udp", port(1000, 2000)), lab.rule("egress")])),
  },
  "a rule for tcp is none for udp": {
    flow: "udp:80 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH", change: (lab) => wear(lab, "v/priv", web(lab)),
  },
  "a rule for icmp lets pings in, and nothing else": {
    flow: "icmp v/pub > v/priv", code: "REACHABLE",
    change: (lab) => wear(lab, "v/priv", lab.group("v", "ping", [lab.rule("ingress", "icmp"), lab.rule("egress")])),
  },
  "a reference to a group lets its members in": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => { wear(lab, "v/pub", lab.group("v", "front", [lab.rule("egress")])); wear(lab, "v/priv", web(lab, { securityGroupId: "sg-v-front" })); },
  },
  "a reference to a group lets nobody else in": {
    flow: "tcp:80 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH",
    change: (lab) => { lab.group("v", "front", []); wear(lab, "v/priv", web(lab, { securityGroupId: "sg-v-front" })); },
  },
  "a stale reference lets nobody in": {
    flow: "tcp:80 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH",
    change: (lab) => wear(lab, "v/priv", web(lab, { goneSecurityGroupId: "sg-0123456789ab" })),
  },
  "an egress reference names receivers": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => {
      wear(lab, "v/priv", web(lab));
      wear(lab, "v/pub", lab.group("v", "out", [lab.rule("egress", "tcp", null, { securityGroupId: "sg-v-web" })]));
    },
  },
  "a reference to a group of an actively peered VPC counts": {
    flow: "tcp:80 w/pub > v/priv", code: "REACHABLE", change: (lab) => wear(lab, "v/priv", web(lab, { securityGroupId: "sg-w-default" })),
  },
  "a reference to a group of a VPC that is not peered is empty": {
    flow: "tcp:80 w/pub > v/priv", code: "ENI_SG_RULES_MISMATCH", change: (lab) => wear(lab, "v/priv", web(lab, { securityGroupId: "sg-x-default" })),
  },

  // ---- network ACLs
  "an empty ACL denies what leaves the subnet": {
    flow: "tcp:80 v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-pub", null], there: "i-v-pub-main subnet-v-pub",
    change: (lab) => void lab.acl("v/pub", []),
    why: "Network ACL “pub” of subnet v/pub has no egress entry that allows tcp 80 to 10.0.2.2; add one.",
  },
  "what enters a subnet is judged by its source": {
    flow: "tcp:80 v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-priv", "ingress 90"], why: "denies tcp 80 from 10.0.1.2 by ingress entry 90",
    change: (lab) => void lab.acl("v/priv", [entry("ingress", 90, "deny", "tcp", port(80), "10.0.1.0/24"), entry("ingress", 100, "allow"), entry("egress", 100, "allow")]),
  },
  "the lowest number decides, whatever the order in the document": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => void lab.acl("v/priv", [entry("ingress", 90, "deny"), entry("ingress", 80, "allow"), entry("egress", 100, "allow")]),
  },
  "an entry for another range does not match": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => void lab.acl("v/priv", [entry("ingress", 90, "deny", "all", null, "10.0.3.0/24"), entry("ingress", 100, "allow"), entry("egress", 100, "allow")]),
  },
  "ACLs are stateless: the answer needs an entry of its own": {
    flow: "tcp:80 v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-priv", null], why: "egress entry that allows tcp 32768–60999 to 10.0.1.2",
    change: (lab) => void lab.acl("v/priv", [entry("ingress", 100, "allow")]),
    there: "i-v-pub-main subnet-v-pub vpc-v subnet-v-priv i-v-priv-main", back: "i-v-priv-main subnet-v-priv",
  },
  "the answer comes back to the asker's ephemeral ports": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow", "tcp", port(80)), entry("ingress", 100, "allow", "tcp", EPHEMERAL)]),
  },
  "some of the ephemeral ports are not enough": {
    flow: "tcp:80 v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-pub", null],
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 100, "allow", "tcp", port(32768, 50000))]),
  },
  "two entries together may let all of them through": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 100, "allow", "tcp", port(1024, 50000)), entry("ingress", 110, "allow", "tcp", port(50001, 65535))]),
  },
  "a denied port among them may lose the answer": {
    flow: "tcp:80 v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-pub", "ingress 90"],
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 90, "deny", "tcp", port(40000)), entry("ingress", 100, "allow")]),
  },
  "a known source port is judged alone": {
    flow: "tcp:80 from 40001 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 90, "deny", "tcp", port(40000)), entry("ingress", 100, "allow", "tcp", port(40001))]),
  },
  "an entry for a protocol is none for another": {
    flow: "icmp v/pub > v/priv", code: "SUBNET_ACL_RESTRICTION", why: "allows icmp to 10.0.2.2",
    change: (lab) => void lab.acl("v/pub", [entry("egress", 100, "allow", "tcp"), entry("ingress", 100, "allow")]),
  },
  "an ACL stands at the edge of the VPC too": {
    flow: "tcp:80 internet > v/pub", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-pub", null],
    change: (lab) => void lab.acl("v/pub", [entry("ingress", 100, "allow", "tcp", port(443)), entry("egress", 100, "allow")]),
  },

  // ---- firewalls of subnets
  "a rule of the target's firewall denies": {
    flow: "tcp:80 v/pub > v/priv", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-priv", "ingress 2"],
    why: "The firewall of subnet v/priv denies tcp 80 from 10.0.1.2 by ingress rule 2 (deny tcp 80 from 10.0.1.0/24); change it, or allow this before it.",
    change: (lab) => lab.firewall("v/priv", [fwRule("egress", "deny", "udp"), fwRule("ingress", "allow", "tcp", port(443)), fwRule("ingress", "deny", "tcp", port(80), "10.0.1.0/24")]),
    there: "i-v-pub-main subnet-v-pub vpc-v subnet-v-priv i-v-priv-main",
  },
  "a default of deny is for what no rule names": {
    flow: "tcp:80 v/pub > v/priv", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-priv", null], why: "has no ingress rule that allows tcp 80 from 10.0.1.2, and its default is deny; add one.",
    change: (lab) => lab.firewall("v/priv", [fwRule("ingress", "allow", "tcp", port(443))], { ingress: "deny" }),
  },
  "the first rule that matches decides, whatever the default": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => lab.firewall("v/priv", [fwRule("ingress", "allow", "tcp", port(80)), fwRule("ingress", "deny")], { ingress: "deny" }),
  },
  "the sender's firewall judges by the target's address": {
    flow: "tcp:80 v/pub > v/priv", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-pub", "egress 1"], there: "i-v-pub-main",
    change: (lab) => lab.firewall("v/pub", [fwRule("egress", "deny", "all", null, "10.0.2.0/24")]),
  },
  "firewalls are stateful: answers pass on both sides": {
    flow: "tcp:80 v/pub > v/priv", code: "REACHABLE",
    change: (lab) => {
      lab.firewall("v/pub", [fwRule("egress", "allow", "tcp", port(80))], { ingress: "deny", egress: "deny" });
      lab.firewall("v/priv", [fwRule("ingress", "allow", "tcp", port(80))], { ingress: "deny", egress: "deny" });
    },
  },
  "a firewall and the groups must both allow": {
    flow: "tcp:80 v/pub > v/priv", code: "ENI_SG_RULES_MISMATCH",
    change: (lab) => {
      lab.firewall("v/priv", [fwRule("ingress", "allow")], { ingress: "deny" });
      wear(lab, "v/priv", lab.group("v", "ssh", [lab.rule("ingress", "tcp", port(22))]));
    },
  },
  "a firewall stands in front of the groups": {
    flow: "tcp:80 v/pub > v/priv", code: "FIREWALL_RULES_RESTRICTION",
    change: (lab) => {
      lab.firewall("v/priv", [], { ingress: "deny" });
      wear(lab, "v/priv", lab.group("v", "ssh", [lab.rule("ingress", "tcp", port(22))]));
    },
  },
  "a firewall also judges neighbours in the subnet": {
    flow: "icmp v/pub/two > v/pub", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-pub", "ingress 1"],
    change: (lab) => { lab.instance("v/pub/two", 20); lab.firewall("v/pub", [fwRule("ingress", "deny", "icmp")]); },
  },
  "a firewall's rules for icmp leave tcp alone": { flow: "tcp:80 v/pub > v/priv", code: "REACHABLE", change: (lab) => lab.firewall("v/priv", [fwRule("ingress", "deny", "icmp")]) },
  "an instance reaches itself, whatever its firewall": {
    flow: "tcp:80 v/pub > v/pub", code: "REACHABLE", change: (lab) => lab.firewall("v/pub", [], { ingress: "deny", egress: "deny" }),
  },
  "the own router answers pings that no firewall allows": {
    flow: "icmp v/pub > z/one", code: "ENI_ADDRESS_RESTRICTION", reachable: true,
    change: (lab) => { instance(lab, "z/one").address = "10.0.1.1"; lab.firewall("v/pub", [], { ingress: "deny", egress: "deny" }); },
  },
  "what a middlebox forwards passes its firewall both ways": {
    flow: "tcp:80 v/priv > v/mid", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-pub", "egress 1"],
    change: (lab) => { withMiddlebox(lab); backByMiddlebox(lab); lab.firewall("v/pub", [fwRule("egress", "deny", "tcp", port(80), "10.0.3.0/24")]); },
  },
  "an answer that comes by a middlebox of its own is new to its firewall": {
    flow: "tcp:80 v/mid > v/priv", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-pub", null], why: "The packet arrives, but its answer does not come back: the firewall of subnet v/pub",
    change: (lab) => { withMiddlebox(lab); lab.firewall("v/pub", [], { ingress: "deny" }); },
  },
  "a NAT gateway is not filtered by its subnet's firewall": {
    flow: "tcp:80 v/priv > internet", code: "REACHABLE", change: (lab) => { withNat(lab); lab.firewall("v/pub", [], { ingress: "deny", egress: "deny" }); },
  },

  // ---- the internet, with public addresses
  "a public instance reaches the internet by its own address": {
    flow: "tcp:80 v/pub > internet", code: "REACHABLE", by: ["rtb-v-pub", "0.0.0.0/0"],
    why: "Subnet “pub” is public: its default route leads to v-igw, which translates to and from the public address assigned by the subnet.",
    there: "i-v-pub-main subnet-v-pub vpc-v igw-v *", back: "* igw-v vpc-v subnet-v-pub i-v-pub-main",
  },
  "without a public address there is no internet, however public the subnet": {
    flow: "tcp:80 v/pub > internet", code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", by: ["i-v-pub-main", null], why: "associate an Elastic IP",
    change: (lab) => void (subnet(lab, "v/pub").autoAssignPublicAddress = false),
  },
  "an Elastic IP is a public address": {
    flow: "tcp:80 v/pub > internet", code: "REACHABLE", why: "Elastic IP eip-main",
    change: (lab) => { subnet(lab, "v/pub").autoAssignPublicAddress = false; lab.elasticIp(instance(lab, "v/pub")); },
  },
  "a public address in a private subnet is of no use": {
    flow: "tcp:80 v/priv > internet", code: "NO_ROUTE_TO_DESTINATION", by: ["rtb-v-main", null],
    why: "Subnet “priv” is private: its route table “main” has no route to the internet", change: (lab) => lab.elasticIp(instance(lab, "v/priv")),
  },
  "a VPC without an internet gateway has no internet": {
    flow: "tcp:80 v/priv > internet", code: "NO_ROUTE_TO_DESTINATION", why: "v has no internet gateway",
    change: withoutGateways,
  },
  "a route to a deleted gateway is a blackhole": {
    flow: "tcp:80 v/pub > internet", code: "BAD_STATE_ROUTE", by: ["rtb-v-pub", "0.0.0.0/0"],
    change: (lab) => { lab.doc.internetGateways = lab.doc.internetGateways.filter(({ id }) => id !== "igw-v"); table(lab, "v", "pub").routes[0] = via("0.0.0.0/0", "gone", "igw-0123456789ab"); },
  },
  "a route to a part of the internet decides for that part": {
    flow: "tcp:80 v/pub > internet", code: "REACHABLE", by: ["rtb-v-pub", "203.0.113.0/24"], why: "its route 203.0.113.0/24 leads to v-igw",
    change: (lab) => void (table(lab, "v", "pub").routes[0] = via("203.0.113.0/24", "internet-gateway", "igw-v")),
  },
  "a route to another part of the internet does not": {
    flow: "tcp:80 v/pub > internet", code: "NO_ROUTE_TO_DESTINATION", why: "has no route to 203.0.113.10",
    change: (lab) => void (table(lab, "v", "pub").routes[0] = via("8.8.8.0/24", "internet-gateway", "igw-v")),
  },
  "a part of the internet that is a blackhole": {
    flow: "tcp:80 v/pub > internet", code: "BAD_STATE_ROUTE", by: ["rtb-v-pub", "203.0.113.0/24"],
    change: (lab) => table(lab, "v", "pub").routes.push(via("203.0.113.0/24", "gone", "nat-0123456789ab")),
  },
  "the internet reaches a public instance, there and back by the gateway": {
    flow: "tcp:80 internet > v/pub", code: "REACHABLE", there: "* igw-v vpc-v subnet-v-pub i-v-pub-main", back: "i-v-pub-main subnet-v-pub vpc-v igw-v *",
    why: "v-igw translates to and from the public address assigned by the subnet, and v/pub/main lets tcp 80 from 203.0.113.10 in.",
  },
  "the internet cannot address who has no public address": {
    flow: "tcp:80 internet > v/priv", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", by: ["i-v-priv-main", null],
  },
  "the internet does not reach a VPC without gateway": {
    flow: "tcp:80 internet > v/pub", code: "NO_PATH", why: "v has no internet gateway", change: withoutGateways,
  },
  "what the internet asks a private subnet is never answered": {
    flow: "tcp:80 internet > v/priv", code: "NO_ROUTE_TO_DESTINATION", why: "its answer does not come back", change: (lab) => lab.elasticIp(instance(lab, "v/priv")),
    back: "i-v-priv-main subnet-v-priv vpc-v",
  },
  "the group of a public instance decides about the internet": {
    flow: "tcp:22 internet > v/pub", code: "ENI_SG_RULES_MISMATCH", change: (lab) => wear(lab, "v/pub", web(lab)),
  },

  // ---- the internet, without public addresses
  "without a pool everybody leaves with the host's address": {
    flow: "tcp:80 v/pub > internet", code: "REACHABLE", pool: false, why: "translates to the host's address",
    change: (lab) => void (subnet(lab, "v/pub").autoAssignPublicAddress = false),
  },
  "without a pool only published ports lead in": {
    flow: "tcp:80 internet > v/pub", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", pool: false, why: "not tcp 80, which v/pub/main does not publish at a port of the host",
    change: (lab) => instance(lab, "v/pub").publishedPorts.push({ protocol: "udp", hostPort: 8080, port: 80 }),
  },
  "without a pool nobody pings from the internet": {
    flow: "icmp internet > v/pub", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", pool: false, why: "icmp, which has no ports to publish",
  },
  "a published port leads in, and groups still decide": {
    flow: "tcp:80 internet > v/pub", code: "REACHABLE", pool: false, why: "port 8080 of the host leads to tcp 80",
    change: (lab) => { instance(lab, "v/pub").publishedPorts.push({ protocol: "tcp", hostPort: 8080, port: 80 }); wear(lab, "v/pub", web(lab)); },
  },
  "with a pool published ports mean nothing": {
    flow: "tcp:80 internet > v/priv", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
    change: (lab) => instance(lab, "v/priv").publishedPorts.push({ protocol: "tcp", hostPort: 8080, port: 80 }),
  },

  // ---- NAT gateways
  "a private instance gets out by a NAT gateway, and its answer in": {
    flow: "tcp:80 v/priv > internet", code: "REACHABLE", change: (lab) => void withNat(lab), by: ["rtb-v-main", "0.0.0.0/0"],
    why: "Subnet “priv” is private: its default route leads to NAT gateway “nat” and by its subnet's table to v-igw, which translates to and from Elastic IP eip-nat.",
    there: "i-v-priv-main subnet-v-priv vpc-v subnet-v-pub nat-nat subnet-v-pub vpc-v igw-v *",
    back: "* igw-v vpc-v subnet-v-pub nat-nat subnet-v-pub vpc-v subnet-v-priv i-v-priv-main",
  },
  "nobody gets in by a NAT gateway": { flow: "tcp:80 internet > v/priv", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", change: (lab) => void withNat(lab) },
  "an answer to the internet does not leave by a NAT gateway": {
    flow: "udp:53 internet > v/priv", code: "NGW_SOURCE_ADDRESS_REASSIGN", by: ["nat-nat", null],
    change: (lab) => { withNat(lab); lab.elasticIp(instance(lab, "v/priv")); },
  },
  "a NAT gateway without Elastic IP gets nobody out": {
    flow: "tcp:80 v/priv > internet", code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", by: ["nat-nat", null], why: "NAT gateway “nat” has no Elastic IP",
    change: (lab) => void withNat(lab, false),
  },
  "without a pool a NAT gateway needs no Elastic IP": { flow: "tcp:80 v/priv > internet", code: "REACHABLE", pool: false, change: (lab) => void withNat(lab, false) },
  "a NAT gateway in a private subnet leads nowhere": {
    flow: "tcp:80 v/priv > internet", code: "NO_ROUTE_TO_DESTINATION", by: ["rtb-v-mid", null],
    change: (lab) => { lab.elasticIp(lab.nat("v/mid/nat", 9)); table(lab, "v", "main").routes.push(via("0.0.0.0/0", "nat-gateway", "nat-nat")); },
  },
  "a NAT gateway that its own subnet is routed to goes round": {
    flow: "tcp:80 v/priv > internet", code: "ROUTE_TABLE_LOOP", by: ["rtb-v-pub", null],
    change: (lab) => { withNat(lab); table(lab, "v", "pub").routes[0] = via("0.0.0.0/0", "nat-gateway", "nat-nat"); },
  },
  "two NAT gateways one after the other": {
    flow: "tcp:80 v/priv > internet", code: "REACHABLE",
    change: (lab) => {
      withNat(lab);
      lab.nat("v/mid/inner", 9);
      table(lab, "v", "main").routes[1] = via("0.0.0.0/0", "nat-gateway", "nat-inner");
      table(lab, "v", "mid").routes.push(via("0.0.0.0/0", "nat-gateway", "nat-nat"));
    },
  },
  "the ACL of a NAT gateway's subnet stands on its way in": {
    flow: "tcp:80 v/priv > internet", code: "SUBNET_ACL_RESTRICTION", by: ["acl-v-pub", null], why: "no ingress entry that allows tcp 80 from 10.0.2.2",
    change: (lab) => { withNat(lab); lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 100, "allow", "tcp", port(1024, 65535))]); },
  },
  "the ACL of a NAT gateway's subnet sees the NAT gateway's address on its way out": {
    flow: "tcp:80 v/priv > internet", code: "SUBNET_ACL_RESTRICTION", why: "no ingress entry that allows tcp 32768–60999 from 203.0.113.10",
    change: (lab) => { withNat(lab); lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 100, "allow", "all", null, "10.0.0.0/16")]); },
  },
  "a NAT gateway keeps a port of its range, and moves a lower one into it": {
    flow: "tcp:80 from 500 v/priv > internet", code: "SUBNET_ACL_RESTRICTION", why: "allows tcp 1024–65535 from 203.0.113.10",
    change: (lab) => {
      withNat(lab);
      lab.acl("v/pub", [entry("egress", 100, "allow"), entry("ingress", 90, "allow", "all", null, "10.0.0.0/16"), entry("ingress", 100, "allow", "tcp", EPHEMERAL)]);
    },
  },
  "inside the VPC a NAT gateway hides who asks": {
    flow: "tcp:80 v/priv > v/mid", code: "ENI_SG_RULES_MISMATCH", why: "allows tcp 80 from 10.0.1.9",
    change: (lab) => {
      withNat(lab);
      table(lab, "v", "main").routes.push(via("10.0.3.0/24", "nat-gateway", "nat-nat"));
      wear(lab, "v/mid", web(lab, { cidr: "10.0.2.0/24" }));
    },
  },
  "by a NAT gateway of the target's subnet, the answer comes back the same way": {
    flow: "tcp:80 v/priv > v/mid", code: "REACHABLE", there: "i-v-priv-main subnet-v-priv vpc-v subnet-v-mid nat-in subnet-v-mid i-v-mid-main",
    back: "i-v-mid-main subnet-v-mid nat-in subnet-v-mid vpc-v subnet-v-priv i-v-priv-main",
    change: (lab) => { lab.nat("v/mid/in", 9); table(lab, "v", "main").routes.push(via("10.0.3.0/24", "nat-gateway", "nat-in")); },
  },
  "an answer that is led through a NAT gateway is lost": {
    flow: "tcp:80 v/priv > v/mid", code: "NGW_SOURCE_ADDRESS_REASSIGN", by: ["nat-nat", null],
    change: (lab) => { withNat(lab); table(lab, "v", "mid").routes.push(via("10.0.2.0/24", "nat-gateway", "nat-nat")); },
  },
  "a NAT gateway answers nobody": {
    flow: "icmp v/pub > z/one", code: "NGW_DEST_ADDRESS_PRESERVATION", why: "10.0.2.2 is the address of NAT gateway “odd” in v",
    change: (lab) => { instance(lab, "v/priv").address = "10.0.2.5"; lab.nat("v/priv/odd", 2); },
  },

  // ---- middleboxes
  "a middlebox forwards what is routed to it": {
    flow: "tcp:80 v/priv > v/mid", code: "REACHABLE", change: (lab) => void withMiddlebox(lab), by: ["rtb-v-main", "10.0.3.0/24"],
    why: "Routes of v lead to v/mid/main, through v/pub/fw.",
    there: "i-v-priv-main subnet-v-priv vpc-v subnet-v-pub i-v-pub-fw subnet-v-pub vpc-v subnet-v-mid i-v-mid-main",
    back: "i-v-mid-main subnet-v-mid vpc-v subnet-v-priv i-v-priv-main",
  },
  "an instance with source/destination check forwards nothing": {
    flow: "tcp:80 v/priv > v/mid", code: "ENI_SOURCE_DEST_CHECK_RESTRICTION", by: ["i-v-pub-fw", null], change: (lab) => void (withMiddlebox(lab).sourceDestCheck = true),
  },
  "a route to the target itself is no detour": {
    flow: "tcp:80 v/priv > v/mid", code: "REACHABLE", change: (lab) => table(lab, "v", "main").routes.push(via("10.0.3.0/24", "instance", "i-v-mid-main")),
  },
  "what a middlebox forwards passes its ingress": {
    flow: "tcp:80 v/priv > v/mid", code: "ENI_SG_RULES_MISMATCH", why: "of v/pub/fw has no ingress rule that allows tcp 80 from 10.0.2.2",
    change: (lab) => void withMiddlebox(lab, lab.group("v", "fw", [lab.rule("ingress", "udp"), lab.rule("egress")])),
  },
  "what a middlebox forwards passes its egress as well": {
    flow: "tcp:80 v/priv > v/mid", code: "SG_HAS_NO_RULES", why: "of v/pub/fw has no egress rules; add one that allows tcp 80 to 10.0.3.2",
    change: (lab) => void withMiddlebox(lab, lab.group("v", "fw", [lab.rule("ingress")])),
  },
  "a middlebox lets the answer to what it forwarded pass": {
    flow: "tcp:80 v/priv > v/mid", code: "REACHABLE", back: "i-v-mid-main subnet-v-mid vpc-v subnet-v-pub i-v-pub-fw subnet-v-pub vpc-v subnet-v-priv i-v-priv-main",
    change: (lab) => {
      withMiddlebox(lab, lab.group("v", "fw", [lab.rule("ingress", "tcp", port(80)), lab.rule("egress", "tcp", port(80))]));
      backByMiddlebox(lab);
    },
  },
  "a middlebox that sees the answer only judges it by its rules": {
    flow: "tcp:80 v/mid > v/priv", code: "ENI_SG_RULES_MISMATCH", why: "of v/pub/fw has no ingress rule that allows tcp 32768–60999 from 10.0.2.2",
    change: (lab) => void withMiddlebox(lab, lab.group("v", "fw", [lab.rule("ingress", "tcp", port(80)), lab.rule("egress")])),
  },
  "a middlebox keeps the sender's address, so references to groups still match": {
    flow: "tcp:80 v/priv > v/mid", code: "REACHABLE",
    change: (lab) => {
      withMiddlebox(lab);
      wear(lab, "v/priv", lab.group("v", "front", [lab.rule("egress")]));
      wear(lab, "v/mid", web(lab, { securityGroupId: "sg-v-front" }));
    },
  },
  "between neighbours no ACL stands, also where the router leads from one to the other": {
    flow: "tcp:80 v/priv > v/mid", code: "ROUTE_TABLE_LOOP", by: ["rtb-v-main", null], there: "i-v-priv-main vpc-v i-v-priv-fw vpc-v",
    change: (lab) => {
      lab.middlebox("v/priv/fw", 7);
      table(lab, "v", "main").routes.push(via("10.0.3.0/24", "instance", "i-v-priv-fw"));
      lab.acl("v/priv", []);
    },
  },
  "a middlebox that its own subnet is routed to goes round": {
    flow: "tcp:80 v/priv > v/mid", code: "ROUTE_TABLE_LOOP", by: ["rtb-v-pub", null], why: "leads back to v/pub/fw",
    change: (lab) => { withMiddlebox(lab); table(lab, "v", "pub").routes.push(via("10.0.3.0/24", "instance", "i-v-pub-fw")); },
  },
  "by a middlebox to the internet the sender's own public address counts": {
    flow: "tcp:80 v/priv > internet", code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", by: ["i-v-priv-main", null],
    change: (lab) => { withMiddlebox(lab); table(lab, "v", "main").routes.push(via("0.0.0.0/0", "instance", "i-v-pub-fw")); },
  },
  "by a middlebox to the internet and directly back": {
    flow: "tcp:80 v/priv > internet", code: "REACHABLE", back: "* igw-v vpc-v subnet-v-priv i-v-priv-main",
    change: (lab) => {
      withMiddlebox(lab);
      table(lab, "v", "main").routes.push(via("0.0.0.0/0", "instance", "i-v-pub-fw"));
      lab.elasticIp(instance(lab, "v/priv"));
    },
  },
  "from the internet, the answer by a middlebox": {
    flow: "tcp:80 internet > v/priv", code: "REACHABLE", back: "i-v-priv-main subnet-v-priv vpc-v subnet-v-pub i-v-pub-fw subnet-v-pub vpc-v igw-v *",
    change: (lab) => {
      withMiddlebox(lab);
      table(lab, "v", "main").routes.push(via("0.0.0.0/0", "instance", "i-v-pub-fw"));
      lab.elasticIp(instance(lab, "v/priv"));
    },
  },

  // ---- peerings
  "an active peering with routes on both sides connects": {
    flow: "tcp:80 v/priv > w/pub", code: "REACHABLE", by: ["rtb-v-main", "10.1.0.0/16"], why: "Peering “v-w” connects v and w, with routes on both sides.",
    there: "i-v-priv-main subnet-v-priv vpc-v pcx-v-w vpc-w subnet-w-pub i-w-pub-main", back: "i-w-pub-main subnet-w-pub vpc-w pcx-v-w vpc-v subnet-v-priv i-v-priv-main",
  },
  "a peering without a route there": {
    flow: "tcp:80 v/mid > w/pub", code: "NO_ROUTE_TO_DESTINATION", why: "Subnet “mid” has no route to w: add 10.1.0.0/16 to peering “v-w” in route table “mid”.",
    change: (lab) => void (table(lab, "v", "mid").routes = []),
  },
  "a peering without a route back": {
    flow: "tcp:80 v/priv > w/pub", code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", by: ["rtb-w-pub", null], why: "its answer does not come back",
    change: (lab) => void table(lab, "w", "pub").routes.splice(1, 1),
  },
  "a default route to the internet gateway is none to a peer": {
    flow: "tcp:80 v/pub > w/pub", code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", by: ["rtb-v-pub", null],
    change: (lab) => void table(lab, "v", "pub").routes.pop(),
  },
  "shared addresses are not on the internet either": {
    flow: "tcp:80 w/pub > x/one", code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS",
    change: (lab) => {
      table(lab, "w", "pub").routes.pop();
      Object.assign(lab.doc.vpcs[2]!, { cidr: "100.64.0.0/16" });
      subnet(lab, "x/one").cidr = "100.64.1.0/24";
      instance(lab, "x/one").address = "100.64.1.2";
    },
  },
  "a pending peering carries nothing": {
    flow: "tcp:80 v/priv > w/pub", code: "BAD_STATE_ROUTE", why: "peering “v-w” is pending-acceptance; accept it", change: (lab) => void (lab.doc.peerings[0]!.status = "pending-acceptance"),
  },
  "a peering is not transitive": { flow: "icmp v/priv > x/one", code: "DISCONNECTED_VPCS", why: "both are peered with w, but peering is not transitive" },
  "a route over a peering to a VPC behind it does not make it transitive": {
    flow: "icmp v/priv > x/one", code: "DISCONNECTED_VPCS", change: (lab) => table(lab, "v", "main").routes.push(via("10.2.0.0/16", "peering", "pcx-v-w")),
  },
  "nobody gets out by the peer's internet gateway": {
    flow: "tcp:80 v/priv > internet", code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", by: ["pcx-v-w", null],
    change: (lab) => table(lab, "v", "main").routes.push(via("0.0.0.0/0", "peering", "pcx-v-w")),
  },
  "a peering with another topology leads to no target of this one": {
    flow: "tcp:80 v/priv > w/pub", code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", why: "leads to another topology",
    change: (lab) => {
      const remote = { side: "accepter" as const, topologyId: "00000000-0000-4000-8000-000000000002", topologyName: "theirs", vpcName: "t", cidr: "10.9.0.0/16" };
      lab.doc.peerings.push({ id: "pcx-far", name: "far", requesterVpcId: "vpc-v", accepterVpcId: "vpc-far", status: "active", remote });
      table(lab, "v", "main").routes[0] = via("10.1.0.0/16", "peering", "pcx-far");
    },
  },
  "both ACLs stand on the way over a peering": {
    flow: "tcp:80 v/priv > w/pub", code: "SUBNET_ACL_RESTRICTION", by: ["acl-w-pub", null], change: (lab) => void lab.acl("w/pub", []),
  },
  "by a NAT gateway over a peering the peer sees the gateway's address": {
    flow: "tcp:80 v/priv > w/pub", code: "REACHABLE", back: "i-w-pub-main subnet-w-pub vpc-w pcx-v-w vpc-v subnet-v-pub nat-nat subnet-v-pub vpc-v subnet-v-priv i-v-priv-main",
    change: (lab) => {
      withNat(lab);
      table(lab, "v", "main").routes[0] = via("10.1.0.0/16", "nat-gateway", "nat-nat");
      wear(lab, "w/pub", lab.group("w", "nat-only", [lab.rule("ingress", "all", null, { cidr: "10.0.1.9/32" })]));
    },
  },

  // ---- the host
  "the host answers nothing that comes from a VPC": { flow: "tcp:22 v/pub > host", code: "HOST_CLOSED_TO_VPCS", there: "i-v-pub-main subnet-v-pub vpc-v igw-v *", by: [null, null] },
  "nor what comes by a NAT gateway": { flow: "icmp v/priv > host", code: "HOST_CLOSED_TO_VPCS", why: "The host answers nothing that comes from a VPC", change: withNat },
  "who does not get out does not get to the host either": { flow: "icmp v/mid > host", code: "NO_ROUTE_TO_DESTINATION" },
  "a group of the sender decides before the host does": {
    flow: "tcp:22 v/pub > host", code: "SG_HAS_NO_RULES", change: (lab) => wear(lab, "v/pub", lab.group("v", "none", [])),
  },
  "the host has no way in until the VPC's switch is on": { flow: "icmp host > v/priv", code: "HOST_ACCESS_DISABLED", why: "The host has no way into v; switch on", by: ["vpc-v", null] },
  "then neither groups nor ACLs are asked, nor is a route or gateway needed": {
    flow: "tcp:80 host > v/priv", code: "REACHABLE", why: "a link of its own into v", there: "* i-v-priv-main",
    change: (lab) => { opened(lab, "v"); withoutGateways(lab); lab.acl("v/priv", []); wear(lab, "v/priv", lab.group("v", "none", [])); },
  },
  "a subnet's firewall filters the host, too": {
    flow: "tcp:80 host > v/priv", code: "FIREWALL_RULES_RESTRICTION", by: ["subnet-v-priv", "ingress 1"],
    change: (lab) => { opened(lab, "v"); lab.firewall("v/priv", [fwRule("ingress", "deny", "tcp")]); },
  },
  "a VPC of public addresses stays out of the host's reach": {
    flow: "icmp host > p/one", code: "HOST_ACCESS_DISABLED", why: "addresses of the internet",
    change: (lab) => { lab.vpc("p", "203.0.112.0/24"); lab.subnet("p/one", "203.0.112.0/25"); opened(lab, "p"); },
  },
  "host and internet have nothing drawn between them": { flow: "icmp host > internet", code: "NO_PATH" },
  "nobody sends from a public address": { flow: "icmp public:v/pub > v/priv", code: "NO_PATH" },

  // ---- public addresses
  "the internet asks for a public address as for the instance behind it": { flow: "tcp:80 internet > public:v/pub", code: "REACHABLE" },
  "a NAT gateway's address lets nothing in": {
    flow: "tcp:80 internet > public:nat-nat", code: "NGW_DEST_ADDRESS_PRESERVATION", by: ["nat-nat", null], change: withNat,
  },
  "a NAT gateway without an Elastic IP is nowhere on the internet": {
    flow: "icmp internet > public:nat-nat", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", why: "NAT gateway “nat” has no public address", change: (lab) => withNat(lab, false),
  },
  "a VPC of the host does not reach its public addresses, its own neither": {
    flow: "tcp:80 v/pub > public:v/pub", code: "HOST_UPLINK_ONLY", there: "i-v-pub-main subnet-v-pub vpc-v igw-v *", by: [null, null],
  },
  "not through a NAT gateway, and not those of another VPC": {
    flow: "tcp:80 v/priv > public:w/pub", code: "HOST_UPLINK_ONLY", change: (lab) => { withNat(lab); lab.elasticIp(instance(lab, "w/pub")); },
  },
  "a public address that nobody has cannot be asked": { flow: "icmp v/pub > public:v/priv", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", why: "v/priv/main has no public address" },
  "nor one without an internet gateway": { flow: "icmp w/pub > public:v/pub", code: "NO_PATH", why: "v has no internet gateway", change: withoutGateways },
  "a published port of the host is closed to VPCs": {
    flow: "tcp:80 v/pub > public:w/pub", code: "HOST_CLOSED_TO_VPCS", pool: false, change: (lab) => void instance(lab, "w/pub").publishedPorts.push({ protocol: "tcp", hostPort: 8080, port: 80 }),
  },
  "what is not published cannot be asked": { flow: "tcp:81 v/pub > public:w/pub", code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", pool: false, why: "No port of the host leads to w/pub/main" },
  "a public address that is not drawn": { flow: "icmp v/pub > public:nat-none", code: "NO_SOURCE_OR_DESTINATION", why: "The target" },

  // ---- the same addresses elsewhere
  "VPCs that are not peered have no route": { flow: "icmp z/one > w/pub", code: "DISCONNECTED_VPCS", why: "z and w are not peered, so there is no route; peer them." },
  "an address of one's own range never leaves the VPC: a namesake answers": {
    flow: "tcp:80 v/pub > z/one", code: "ENI_ADDRESS_RESTRICTION", reachable: true,
    why: "10.0.2.2 lies in v's own range, so the packet stays in v and reaches “main” there, not the target.",
  },
  "a namesake is judged by its own group": {
    flow: "tcp:81 v/pub > z/one", code: "ENI_SG_RULES_MISMATCH", why: "of v/priv/main", change: (lab) => wear(lab, "v/priv", web(lab)),
  },
  "an address of one's own range that nobody has": {
    flow: "tcp:80 v/pub > z/one", code: "NO_POSSIBLE_DESTINATION", why: "10.0.2.77 lies in v's own range, so the packet stays in v, where nobody has it", change: (lab) => void (instance(lab, "z/one").address = "10.0.2.77"),
  },
  "an address of a peer's range that nobody has there": {
    flow: "tcp:80 x/one > v/priv", code: "NO_POSSIBLE_DESTINATION", why: "10.0.2.2 is routed to z, where nobody has it",
    change: (lab) => {
      lab.peering("x", "z");
      table(lab, "x", "one").routes.push(via("10.0.0.0/16", "peering", "pcx-x-z"));
      instance(lab, "z/one").address = "10.0.2.9";
    },
  },
  "an address of one's own range that no subnet has": {
    flow: "tcp:80 v/pub > z/one", code: "NO_POSSIBLE_DESTINATION",
    change: (lab) => { subnet(lab, "z/one").cidr = "10.0.77.0/24"; instance(lab, "z/one").address = "10.0.77.2"; },
  },
  "an address of one's own subnet that nobody has": {
    flow: "tcp:80 v/priv > z/one", code: "NO_POSSIBLE_DESTINATION", there: "i-v-priv-main vpc-v", change: (lab) => void (instance(lab, "z/one").address = "10.0.2.77"),
  },
  "the target's address may be the sender's own": {
    flow: "tcp:80 v/priv > z/one", code: "ENI_ADDRESS_RESTRICTION", reachable: true, why: "reaches “main” there, not the target",
  },
  "the target's address may be that of a router, which answers pings": {
    flow: "icmp v/pub > z/one", code: "ENI_ADDRESS_RESTRICTION", reachable: true, why: "reaches the router of v there, not the target",
    change: (lab) => { subnet(lab, "z/one").cidr = "10.0.0.0/22"; instance(lab, "z/one").address = "10.0.2.1"; },
  },
  "the own router answers pings that no group allows": {
    flow: "icmp v/priv > z/one", code: "ENI_ADDRESS_RESTRICTION", reachable: true,
    change: (lab) => { subnet(lab, "z/one").cidr = "10.0.0.0/22"; instance(lab, "z/one").address = "10.0.2.1"; wear(lab, "v/priv", lab.group("v", "none", [])); },
  },
  "a router answers nothing but pings": {
    flow: "tcp:80 v/pub > z/one", code: "NO_POSSIBLE_DESTINATION", why: "10.0.2.1 is a router's address in v",
    change: (lab) => { subnet(lab, "z/one").cidr = "10.0.0.0/22"; instance(lab, "z/one").address = "10.0.2.1"; },
  },
  "an answer may be routed to a namesake of the asker": {
    flow: "tcp:80 v/priv > w/pub", code: "ENI_ADDRESS_RESTRICTION", why: "10.0.2.2 leads to z/one/main from there",
    change: (lab) => { lab.peering("w", "z"); table(lab, "w", "pub").routes[1] = via("10.0.0.0/16", "peering", "pcx-w-z"); },
  },
  "a peer's peer of the asker's own range gets no answer of the asker's": {
    flow: "tcp:80 v/priv > w/pub", code: "ENI_SG_RULES_MISMATCH", why: "of z/one/main has no ingress rule",
    change: (lab) => {
      lab.peering("w", "z");
      table(lab, "w", "pub").routes[1] = via("10.0.0.0/16", "peering", "pcx-w-z");
      wear(lab, "z/one", lab.group("z", "shut", [lab.rule("ingress", "tcp", port(1)), lab.rule("egress")]));
    },
  },
  "a namesake where nobody listens answers a datagram with icmp": {
    flow: "udp:53 v/pub > z/one", code: "SUBNET_ACL_RESTRICTION", why: "allows icmp to 10.0.1.2",
    change: (lab) => void lab.acl("v/priv", [entry("ingress", 100, "allow"), entry("egress", 100, "allow", "udp")]),
  },
};

describe("what a drawing promises", () => {
  it.each(Object.entries(ROWS))("%s", (_guarantee, { flow, code, reachable, change, why, by, there, back, pool = true }) => {
    const made = lab();
    change?.(made);
    const verdict = explainReachability(made.doc, flowOf(flow), { publicPool: pool });
    expect({ code: verdict.decision.code, reachable: verdict.reachable, why: verdict.why })
      .toMatchObject({ code, reachable: reachable ?? code === "REACHABLE", why: expect.stringContaining(why ?? "") });
    if (by) expect([verdict.decision.objectId, verdict.decision.rule]).toEqual(by);
    const ids = (hops: typeof verdict.there) => hopObjects(hops).map((id) => id ?? "*").join(" ");
    if (there) expect(ids(verdict.there)).toBe(there);
    if (back) expect(ids(verdict.back)).toBe(back);
  });

  it("every code is given by a row", () => {
    const given = new Set(Object.values(ROWS).map(({ code }) => code));
    expect(EXPLANATION_CODES.filter((code) => !given.has(code))).toEqual([]);
  });

  it("only the last hop stops, and only where the flow is stopped", () => {
    for (const { flow, change, pool = true } of Object.values(ROWS)) {
      const made = lab();
      change?.(made);
      const { reachable, there, back } = explainReachability(made.doc, flowOf(flow), { publicPool: pool });
      const stops = [...there, ...back].map(({ verdict }) => verdict === "stop");
      expect(stops.slice(0, -1)).not.toContain(true);
      if (stops.length > 0) expect(stops.at(-1)).toBe(!reachable);
    }
  });

  it("the lab itself is a valid document, but for its ids", () => {
    const errors = validateTopology(lab().doc).filter(({ severity, code }) => severity === "error" && code !== "SCHEMA");
    expect(errors).toEqual([]);
  });
});
