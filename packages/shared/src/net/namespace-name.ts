/** Topology whose namespaces carry plain names; every other prefixes its own and a dot, which no name may contain. */
export const DEFAULT_TOPOLOGY_NAME = "default";
/** The instance that gives its subnet's namespace the short name. */
export const MAIN_INSTANCE_NAME = "main";

const prefixOf = (topologyName: string): string => (topologyName === DEFAULT_TOPOLOGY_NAME ? "" : `${topologyName}.`);

/** Router namespace of a VPC, e.g. `vpc1`, or `lab2.vpc1` in topology lab2. */
export const routerNamespace = (topologyName: string, vpcName: string): string => prefixOf(topologyName) + vpcName;

/** Namespace of an instance: `<vpc>-<subnet>` for the subnet's main one, `<vpc>-<subnet>-<instance>` for the others. */
export function instanceNamespace(topologyName: string, vpcName: string, subnetName: string, instanceName: string): string {
  const base = `${prefixOf(topologyName)}${vpcName}-${subnetName}`;
  return instanceName === MAIN_INSTANCE_NAME ? base : `${base}-${instanceName}`;
}

/** Namespace of a NAT gateway: `<vpc>-<subnet>-<name>`, so it shares the names of its subnet's further instances. */
export const natGatewayNamespace = (topologyName: string, vpcName: string, subnetName: string, gatewayName: string): string =>
  `${prefixOf(topologyName)}${vpcName}-${subnetName}-${gatewayName}`;
