import { MAIN_INSTANCE_NAME } from "./namespace-name";

/**
 * Names inside a VPC: `<instance>.<subnet>.<vpc>.internal`. The top-level domain is reserved for private use (ICANN, 2024), so
 * no name of the internet is hidden.
 */
export const PRIVATE_DOMAIN = "internal";

/** `vpc1.internal`. */
export const vpcDomain = (vpcName: string): string => `${vpcName}.${PRIVATE_DOMAIN}`;

/** `public.vpc1.internal`: also the short name of the subnet's main instance. */
export const subnetDomain = (vpcName: string, subnetName: string): string => `${subnetName}.${vpcDomain(vpcName)}`;

/** An instance's names; the first is what its address leads back to. */
export function instanceDnsNames(vpcName: string, subnetName: string, instanceName: string): string[] {
  const domain = subnetDomain(vpcName, subnetName);
  return [`${instanceName}.${domain}`, ...(instanceName === MAIN_INSTANCE_NAME ? [domain] : [])];
}
