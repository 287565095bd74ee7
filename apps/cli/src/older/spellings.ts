import { Option } from "commander";
import type { Action } from "../command-spec";
import { DEFAULT } from "../commands/noun-options";
import { byPosition } from "./by-position";

type Options = readonly (Option | readonly [flags: string, description: string])[];

/** A command line of the tools that came before vpcctl: all of them still work. */
export interface Spelling {
  readonly usage: string;
  readonly options?: Options;
  /** The command that says the same today. */
  readonly now: string;
  readonly aliases?: readonly string[];
  readonly action: () => Promise<Action>;
}

const PLACE = ["vpc", "name", "cidr"];
const NAME = ["--name <name>", "the VPC's or subnet's name"] as const;
const VPC = ["--vpc <vpc>", "the VPC"] as const;
const SUBNET = ["--subnet <subnet>", "the subnet"] as const;
const CIDR = ["--cidr <cidr>", "IPv4 prefix"] as const;
const TYPE = new Option("--type <type>", "public or private").choices(["public", "private"]);
const IF_EXISTS = ["--if-exists", "no error when it is not there"] as const;
const BOTH_VPCS = [["--vpc1 <vpc>", "one VPC"], ["--vpc2 <vpc>", "the other"]] as const;
const WAN = [["--wan <interface>", "interface towards the internet"], ["--interface <interface>", "the same"]] as const;
const POLICY = [VPC, SUBNET, ["--policy <file>", "the policy file"], ["--file <file>", "the same"], DEFAULT] as const;
const WEB = [VPC, SUBNET, ["--port <port>", "port (default 8080)"]] as const;

export const SPELLINGS: readonly Spelling[] = [
  {
    usage: "create [name] [cidr]", now: "vpc, subnets pub and priv, firewall in one",
    options: [NAME, ["--internet-interface <interface>", "interface towards the internet"], CIDR, ["--firewall <file>", "policy file (default: FIREWALL_FILE, else firewall.json here)"]],
    action: async () => byPosition(["name", "cidr"], (await import("./create-with-everything")).createWithEverything, (await import("./older-actions")).createVpc),
  },
  { usage: "delete [name]", aliases: ["del"], options: [NAME, IF_EXISTS], now: "vpc delete", action: async () => (await import("../actions/delete-kind")).deleteKind("vpc") },

  { usage: "create-vpc [name] [cidr]", options: [NAME, CIDR], now: "vpc create --name", action: async () => byPosition(["name", "cidr"], (await import("./older-actions")).createVpc) },
  { usage: "delete-vpc [name]", options: [NAME, IF_EXISTS], now: "vpc delete", action: async () => (await import("../actions/delete-kind")).deleteKind("vpc") },
  { usage: "teardown-vpc [name]", options: [NAME], now: "vpc delete --if-exists", action: async () => (await import("./older-actions")).teardownVpc },
  { usage: "list-vpcs", now: "vpc list", action: async () => (await import("../actions/kind-actions")).listKind("vpc") },
  { usage: "show-vpc [name]", aliases: ["describe", "describe-vpc"], options: [NAME], now: "vpc show", action: async () => (await import("../actions/kind-actions")).showKind("vpc") },

  { usage: "add-subnet [vpc] [name] [cidr]", options: [NAME, VPC, CIDR, TYPE], now: "subnet add", action: async () => byPosition(PLACE, (await import("../actions/subnet")).addSubnet) },
  { usage: "create-subnet [vpc] [name] [cidr] [type]", aliases: ["subnet-add"], options: [NAME, VPC, CIDR, TYPE], now: "subnet create", action: async () => byPosition([...PLACE, "type"], (await import("../actions/subnet")).createSubnet) },
  { usage: "delete-subnet [name]", options: [NAME, VPC, IF_EXISTS], now: "subnet delete", action: async () => (await import("../actions/delete-kind")).deleteKind("subnet") },
  { usage: "list-subnets", options: [VPC], now: "subnet list", action: async () => (await import("../actions/kind-actions")).listKind("subnet") },
  { usage: "get-ip [vpc] [subnet]", options: [NAME, VPC, SUBNET], now: "instance show", action: async () => byPosition(["vpc", "subnet"], (await import("./older-actions")).getIp) },
  {
    usage: "allocate-ip [words...]", aliases: ["ip"], now: "not needed: addresses are given by themselves",
    action: async () => (await import("./older-actions")).notNeeded("addresses are given by themselves: “vpcctl get-ip <vpc> <subnet>” prints one, “vpcctl instance create <vpc>/<subnet>/<name> --address <address>” chooses one"),
  },
  {
    usage: "set-mode [words...]", aliases: ["firewall-mode"], now: "firewall apply --default",
    action: async () => (await import("./older-actions")).notNeeded("a subnet's firewall has the mode: vpcctl firewall apply --vpc <vpc> --policy <file> --default permissive|restrictive"),
  },

  { usage: "allow-intra-vpc [name]", options: [NAME, VPC], now: "not needed: they reach each other", action: async () => (await import("./older-actions")).allowIntraVpc },
  {
    usage: "enable-nat [vpc]", options: [VPC, SUBNET, ["--all-subnets", "every subnet of the VPC"], ...WAN], now: "nat enable",
    action: async () => (await import("../actions/nat")).enable,
  },
  { usage: "disable-nat [vpc]", options: [VPC, SUBNET, ...WAN], now: "nat disable", action: async () => (await import("../actions/nat")).disable },
  { usage: "deploy-http [vpc] [subnet] [port]", aliases: ["deploy-web", "deploy-app", "deploy-workload"], options: WEB, now: "deploy webserver", action: async () => byPosition(["vpc", "subnet", "port"], (await import("../actions/deploy")).webserver) },

  {
    usage: "isolate-vpcs", options: [["--cidr-a <cidr>", "one VPC's range"], ["--cidr-b <cidr>", "the other's"]], now: "not needed without a peering",
    action: async () => (await import("./older-actions")).isolateVpcs,
  },
  {
    usage: "peer-vpcs", options: [["--bridge-a <bridge>", "br-<vpc>"], ["--bridge-b <bridge>", "br-<vpc>"]], now: "peer create --no-routes",
    action: async () => (await import("./older-actions")).peerVpcs,
  },
  {
    usage: "allow-cidr", options: [["--src <cidr>", "who opens connections: a subnet"], ["--dst <cidr>", "to whom: a subnet of the peer"]], now: "route add, sg allow",
    action: async () => (await import("./older-actions")).allowCidr,
  },
  { usage: "create-peering [vpc] [peer]", aliases: ["peer-vpc"], options: [...BOTH_VPCS, ["--allow-cidrs <cidrs...>", "only these subnets"]], now: "peer create", action: async () => (await import("../actions/peer")).createPeer },
  { usage: "delete-peering [vpc] [peer]", aliases: ["unpeer"], options: [...BOTH_VPCS, IF_EXISTS], now: "peer delete", action: async () => (await import("../actions/peer")).deletePeer },
  { usage: "list-peerings", aliases: ["list-peers"], options: [VPC], now: "peer list", action: async () => (await import("../actions/kind-actions")).listKind("peering") },

  { usage: "apply-policy [vpc] [subnet] [file]", aliases: ["apply-firewall", "policy-apply"], options: POLICY, now: "firewall apply", action: async () => byPosition(["vpc", "subnet", "file"], (await import("../actions/apply-firewall")).applyFirewall) },
  { usage: "clear-policy [vpc] [subnet]", aliases: ["clear-firewall", "policy-clear"], options: [VPC, SUBNET], now: "firewall clear", action: async () => byPosition(["vpc", "subnet"], (await import("../actions/firewall")).clearFirewall) },
  { usage: "policy-show [vpc] [subnet]", aliases: ["show-policy"], options: [VPC, SUBNET], now: "firewall show", action: async () => byPosition(["vpc", "subnet"], (await import("../actions/firewall")).showFirewall) },

  {
    usage: "test-connectivity [from] [to]", now: "test",
    options: [["--from <instance>", "from where"], ["--to <instance>", "to where"], ["--src <instance>", "from where"], ["--dst <instance>", "to where"], ["--port <port>", "TCP port (default: ping)"]],
    action: async () => (await import("./older-actions")).testConnectivity,
  },
  { usage: "verify", now: "plan, purge --dry-run", action: async () => (await import("../actions/verify")).verify },
  { usage: "cleanup-all", aliases: ["cleanup"], now: "teardown", action: async () => (await import("../actions/teardown")).teardown },
];

/** The same within a noun of its own. */
export const CONFIG: readonly Spelling[] = [
  { usage: "get [key]", now: "settings of the topology", action: async () => (await import("./older-actions")).configGet },
  { usage: "set <key> <value>", now: "settings of the topology", action: async () => (await import("./older-actions")).configSet },
];
