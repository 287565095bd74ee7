import { setSubnetType } from "@vpclab/shared/topology/new-object";
import type { SubnetType } from "@vpclab/shared/topology/subnet-type";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Gesture } from "./gesture";
import { randomBytes } from "./random-bytes";

/** The shorthand for what makes a subnet public or private: which route table it is associated with. */
export const switchSubnetType = (document: Topology, subnetId: string, type: SubnetType): Gesture => ({
  label: `Make ${document.subnets.find(({ id }) => id === subnetId)?.name ?? "subnet"} ${type}`,
  command: setSubnetType(document, subnetId, type, randomBytes),
  layoutPatch: {},
});
