import { instanceNamespace, MAIN_INSTANCE_NAME, natGatewayNamespace } from "../net/namespace-name";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { indexTopology, objectsOf } from "./topology-index";

/** What a person may call an object. */
export interface ObjectNames {
  readonly kind: ObjectKind;
  readonly object: TopologyObject;
  /** The VPCs that it belongs to: two for a peering, none for an Elastic IP without a target. */
  readonly vpcIds: readonly string[];
  /** From the VPC down, with slashes: `prod`, `prod/public`, `prod/public/web`. */
  readonly path: string;
  /** Other forms that say where it is: namespace, address, CIDR, the other end's view of a peering. */
  readonly full: readonly string[];
  /** The bare name. */
  readonly short: readonly string[];
}

export function namesOfObjects(doc: Topology): ObjectNames[] {
  const index = indexTopology(doc);
  const vpcName = (id: string) => index.vpcById.get(id)?.name ?? id;
  const subnetPath = (id: string) => {
    const subnet = index.subnetById.get(id);
    return { vpcId: subnet?.vpcId ?? "", vpc: vpcName(subnet?.vpcId ?? ""), subnet: subnet?.name ?? id };
  };
  return [...objectsOf(doc)].map(({ kind, object }) => ({ kind, object, ...spellings(object, vpcName, subnetPath) }));
}

type Spellings = Omit<ObjectNames, "kind" | "object">;

function spellings(
  object: TopologyObject, vpcName: (id: string) => string, subnetPath: (id: string) => { vpcId: string; vpc: string; subnet: string },
): Spellings {
  const { name } = object;
  if ("requesterVpcId" in object) {
    const [a, b] = [object.requesterVpcId, object.accepterVpcId].map(vpcName);
    return {
      vpcIds: [object.requesterVpcId, object.accepterVpcId], path: name, full: [`${a}/${b}`, `${b}/${a}`, `${a}-${b}`, `${b}-${a}`], short: [],
    };
  }
  if ("subnetId" in object) {
    const { vpcId, vpc, subnet } = subnetPath(object.subnetId);
    const path = `${vpc}/${subnet}/${name}`;
    if (!("securityGroupIds" in object)) {
      return { vpcIds: [vpcId], path, full: [natGatewayNamespace("default", vpc, subnet, name), object.address], short: [name] };
    }
    const full = [instanceNamespace("default", vpc, subnet, name), object.address];
    // The main instance is what its subnet's name means; `main` alone would mean every subnet's.
    return name === MAIN_INSTANCE_NAME
      ? { vpcIds: [vpcId], path, full: [`${vpc}/${subnet}`, ...full], short: [subnet] }
      : { vpcIds: [vpcId], path, full, short: [name] };
  }
  if ("vpcId" in object) {
    const path = `${vpcName(object.vpcId)}/${name}`;
    // A VPC has one internet gateway, so the VPC's name is enough.
    if (object.id.startsWith("igw-")) return { vpcIds: [object.vpcId], path, full: [name, vpcName(object.vpcId)], short: [] };
    const full = "cidr" in object ? [`${vpcName(object.vpcId)}-${name}`, object.cidr] : [`${vpcName(object.vpcId)}-${name}`];
    return { vpcIds: [object.vpcId], path, full, short: [name] };
  }
  return { vpcIds: object.id.startsWith("vpc-") ? [object.id] : [], path: name, full: [], short: [] };
}
