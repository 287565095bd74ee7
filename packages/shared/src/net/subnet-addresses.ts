import type { Cidr } from "./cidr";
import { firstAddress, lastAddress } from "./cidr";

export type Addressing = "lab" | "aws";

/** The router's address in a subnet: the first after the network address, as in AWS. */
export const gatewayAddress = (subnet: Cidr): number => firstAddress(subnet) + 1;

/**
 * Addresses an instance may have, inclusive. `aws` reserves +2 (DNS) and +3 (future) besides network, router and last;
 * `lab` starts at .2 as the tools before did.
 */
export function usableRange(subnet: Cidr, addressing: Addressing): { first: number; last: number } {
  const skipped = addressing === "aws" ? 4 : 2;
  return { first: firstAddress(subnet) + skipped, last: lastAddress(subnet) - 1 };
}

/** The VPC's resolver, primary CIDR +2 (AWS). Where it lies in a subnet, no instance may have it. */
export const resolverAddress = (vpc: Cidr): number => firstAddress(vpc) + 2;
