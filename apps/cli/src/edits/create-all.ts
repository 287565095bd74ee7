import { cidrFrom, overlaps } from "@vpclab/shared/net/cidr";
import type { Topology } from "@vpclab/shared/topology/topology";
import { inSteps, refuse, type Edit } from "./edit";
import { createSubnet } from "./subnet-edits";
import { createVpc } from "./vpc-edits";

/** Ranges that the tool with this spelling has for these names. */
const USUAL_CIDR: Partial<Record<string, string>> = { prod: "10.10.0.0/16", dev: "10.20.0.0/16", test: "10.30.0.0/16" };
const FREE_FROM = 40;
const FREE_TO = 250;

/** A whole VPC in one step: a public subnet `pub` with internet, a private one `priv` without. */
export const createAll = (name: string, cidr: string | null): Edit => (doc) => {
  const existing = doc.vpcs.find((vpc) => vpc.name === name);
  const range = cidr ?? existing?.cidr ?? freeCidr(doc, name);
  if (range === null) return refuse("VPC_FULL", "No range of 10.40.0.0/16 to 10.250.0.0/16 is free; name one with --cidr.");
  const [publicCidr, privateCidr] = subnetCidrs(range);
  return inSteps(
    createVpc({ name, cidr: range, reachableFromHost: null, dns: null }, { reachableByDefault: true }),
    createSubnet({ name: `${name}/${PUBLIC_SUBNET}`, vpc: null, cidr: publicCidr, type: "public" }),
    createSubnet({ name: `${name}/${PRIVATE_SUBNET}`, vpc: null, cidr: privateCidr, type: "private" }),
  )(doc);
};

export const PUBLIC_SUBNET = "pub";
export const PRIVATE_SUBNET = "priv";

function freeCidr(doc: Topology, name: string): string | null {
  const isFree = (cidr: string) => !doc.vpcs.some((vpc) => overlaps(cidrFrom(vpc.cidr), cidrFrom(cidr)));
  const others = Array.from({ length: FREE_TO - FREE_FROM + 1 }, (_, i) => `10.${FREE_FROM + i}.0.0/16`);
  const usual = USUAL_CIDR[name];
  return [...(usual === undefined ? [] : [usual]), ...others].find(isFree) ?? null;
}

/** `x.y.1.0/24` and `x.y.2.0/24` of a /16; of other sizes the next free ones are taken. */
function subnetCidrs(cidr: string): readonly [string | null, string | null] {
  const found = /^(\d+\.\d+)\.0\.0\/16$/.exec(cidr);
  return found ? [`${found[1]}.1.0/24`, `${found[1]}.2.0/24`] : [null, null];
}
