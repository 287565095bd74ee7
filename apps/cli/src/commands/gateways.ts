import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, IN_SUBNET, IN_VPC, NAME, ONLY_VPC } from "./noun-options";

/** NAT, internet gateways and Elastic IPs. */
export function registerGateways(program: CommandGroup): void {
  registerNat(program);
  registerIgw(program);
  registerEip(program);
}

const INTERFACES = [
  ["--wan <interface>", "checked against the machine's own way to the internet"], ["--interface <interface>", "the same"],
] as const;

function registerNat(program: CommandGroup): void {
  program.noun("nat", "translation of addresses, and NAT gateways")
    .command({
      usage: "list", aliases: ["ls"], summary: "list what is translated: a line for each public subnet, none for a private one", options: [ONLY_VPC], examples: ["nat list"],
      action: async () => (await import("../actions/list-nat")).listNat,
    })
    .command({
      usage: "enable [vpc]", summary: "give a VPC's public subnets, or the one named, their way to the internet",
      options: [["--vpc <vpc>", "instead of the argument"], ["--subnet <subnet>", "this subnet"], ["--all-subnets", "every subnet of the VPC"], ...INTERFACES],
      examples: ["nat enable prod", "nat enable --vpc prod --interface eth0", "nat enable --vpc prod --subnet public"],
      action: async () => (await import("../actions/nat")).enable,
    })
    .command({
      usage: "disable [vpc]", summary: "take the way to the internet away", options: [["--vpc <vpc>", "instead of the argument"], ["--subnet <subnet>", "of this subnet only"], ...INTERFACES],
      examples: ["nat disable prod", "nat disable --vpc prod"],
      action: async () => (await import("../actions/nat")).disable,
    })
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make a NAT gateway with an Elastic IP, for private subnets' outbound traffic",
      about: "It stands in a public subnet. Private subnets are routed to it: vpcctl route add 0.0.0.0/0 --table prod/nat --via <name>.",
      options: [NAME, IN_VPC, IN_SUBNET, ["--address <address>", "an address of the subnet"]], examples: ["nat create prod/public/nat", "nat create --subnet prod/public"],
      action: async () => (await import("../actions/nat")).createNat,
    })
    .command({
      usage: "show [name]", summary: "show a NAT gateway", options: [NAME, IN_VPC, IN_SUBNET], examples: ["nat show prod/public/nat"],
      action: async () => (await import("../actions/kind-actions")).showKind("nat-gateway"),
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete a NAT gateway", options: [NAME, IN_VPC, IN_SUBNET, IF_EXISTS], examples: ["nat delete prod/public/nat"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("nat-gateway"),
    });
}

function registerIgw(program: CommandGroup): void {
  program.noun("igw", "internet gateways: one for each VPC", { aliases: ["internet-gateway"] })
    .command({
      usage: "create [vpc]", aliases: ["add", "attach"], summary: "make the internet gateway of a VPC", options: [["--vpc <vpc>", "instead of the argument"], ["--name <name>", "its name"]],
      examples: ["igw create prod"],
      action: async () => (await import("../actions/igw")).createInternetGateway,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the internet gateways", options: [ONLY_VPC], examples: ["igw list"],
      action: async () => (await import("../actions/kind-actions")).listKind("internet-gateway"),
    })
    .command({
      usage: "show [name]", summary: "show an internet gateway, by its name or its VPC's", options: [NAME, IN_VPC], examples: ["igw show prod"],
      action: async () => (await import("../actions/kind-actions")).showKind("internet-gateway"),
    })
    .command({
      usage: "delete [name]", aliases: ["rm", "detach"], summary: "delete an internet gateway: routes to it become blackholes", options: [NAME, IN_VPC, IF_EXISTS], examples: ["igw delete prod"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("internet-gateway"),
    });
}

function registerEip(program: CommandGroup): void {
  program.noun("eip", "Elastic IPs: public addresses that stay", { aliases: ["elastic-ip"] })
    .command({
      usage: "create [name]", aliases: ["add", "allocate"], summary: "allocate an Elastic IP", options: [NAME], examples: ["eip create web"],
      action: async () => (await import("../actions/eip")).createElasticIp,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the Elastic IPs", examples: ["eip list"],
      action: async () => (await import("../actions/kind-actions")).listKind("elastic-ip"),
    })
    .command({
      usage: "show [name]", summary: "show an Elastic IP", options: [NAME], examples: ["eip show web"],
      action: async () => (await import("../actions/kind-actions")).showKind("elastic-ip"),
    })
    .command({
      usage: "associate <name> <target>", summary: "give it to an instance or a NAT gateway", examples: ["eip associate web prod/public"],
      action: async () => (await import("../actions/eip")).associate,
    })
    .command({
      usage: "disassociate <name>", summary: "set it free", examples: ["eip disassociate web"],
      action: async () => (await import("../actions/eip")).disassociate,
    })
    .command({
      usage: "delete [name]", aliases: ["rm", "release"], summary: "release an Elastic IP", options: [NAME, IF_EXISTS], examples: ["eip delete web"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("elastic-ip"),
    });
}
