import type { FieldPath, Issue } from "../errors/issue";
import { instanceNamespace, MAIN_INSTANCE_NAME, routerNamespace } from "../net/namespace-name";
import { printable } from "./printable";
import type { CollectionName, Topology } from "./topology";
import { COLLECTION, NAME_LENGTH_MAX, NAME_PATTERN } from "./topology";
import { objectsOf, type TopologyIndex } from "./topology-index";

/** Names that the sandbox's own namespaces begin with. */
const RESERVED_TOPOLOGY_NAMES: readonly string[] = ["vpclab"];

/** Grammar and length of one name. Names become namespace names, so the grammar is closed. */
export function validateName(name: string, path: FieldPath, objectId?: string): Issue[] {
  const at = { severity: "error", path, objectId } as const;
  if (name.length > NAME_LENGTH_MAX) {
    return [{ ...at, code: "NAME_LENGTH", message: `A name has at most ${NAME_LENGTH_MAX} characters; this one has ${name.length}.` }];
  }
  if (!NAME_PATTERN.test(name)) {
    const message = name === ""
      ? "Give it a name: lower-case letters, digits and dashes, beginning with a letter."
      : `“${printable(name)}” is no name here: use lower-case letters, digits and dashes, and begin with a letter.`;
    return [{ ...at, code: "NAME_GRAMMAR", message }];
  }
  return [];
}

export function validateTopologyName(name: string, path: FieldPath): Issue[] {
  if (RESERVED_TOPOLOGY_NAMES.includes(name)) {
    return [{ severity: "error", code: "NAME_TAKEN", path, message: `“${name}” is reserved; choose another name.` }];
  }
  return validateName(name, path);
}

export function validateNames(doc: Topology, index: TopologyIndex): Issue[] {
  const grammar = [...objectsOf(doc)].flatMap(({ kind, object, index: i }) => validateName(object.name, [COLLECTION[kind], i, "name"], object.id));
  if (grammar.length > 0) return grammar;
  const ofTopology = () => "";
  const ofVpc = (object: { vpcId: string }) => object.vpcId;
  // Instances and NAT gateways of a subnet share one space: that of their namespaces.
  const inSubnet = new Set<string>();
  const taken = [
    ...unique(doc.vpcs, "vpcs", ofTopology, "VPC in this topology"),
    ...unique(doc.subnets, "subnets", ofVpc, "subnet of this VPC"),
    ...unique(doc.instances, "instances", (instance) => instance.subnetId, "instance of this subnet", inSubnet),
    ...unique(doc.natGateways, "natGateways", (gateway) => gateway.subnetId, "instance or NAT gateway of this subnet", inSubnet),
    ...unique(doc.internetGateways, "internetGateways", ofTopology, "internet gateway in this topology"),
    ...unique(doc.elasticIps, "elasticIps", ofTopology, "Elastic IP in this topology"),
    ...unique(doc.routeTables, "routeTables", ofVpc, "route table of this VPC"),
    ...unique(doc.securityGroups, "securityGroups", ofVpc, "security group of this VPC"),
    ...unique(doc.networkAcls, "networkAcls", ofVpc, "network ACL of this VPC"),
    ...unique(doc.peerings, "peerings", ofTopology, "peering in this topology"),
    ...natGatewaysNamedMain(doc),
  ];
  return taken.length > 0 ? taken : namespaceCollisions(doc, index);
}

function unique<T extends { id: string; name: string }>(
  items: readonly T[], collection: CollectionName, scopeOf: (item: T) => string, what: string, seen = new Set<string>(),
): Issue[] {
  return items.flatMap((item, i): Issue[] => {
    const key = `${scopeOf(item)}/${item.name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{
      severity: "error", code: "NAME_TAKEN", path: [collection, i, "name"], objectId: item.id,
      message: `Another ${what} is already called “${item.name}”; choose another name.`,
    }];
  });
}

/** That name means the subnet's own namespace. */
const natGatewaysNamedMain = (doc: Topology): Issue[] => doc.natGateways.flatMap((gateway, i): Issue[] =>
  gateway.name !== MAIN_INSTANCE_NAME ? [] : [{
    severity: "error", code: "NAME_TAKEN", path: ["natGateways", i, "name"], objectId: gateway.id,
    message: `“${MAIN_INSTANCE_NAME}” is a subnet's first instance; choose another name for the NAT gateway.`,
  }]);

/** Two different paths can read the same (vpc `a-b` + subnet `c`, vpc `a` + subnet `b-c`): the later one is refused. */
function namespaceCollisions(doc: Topology, index: TopologyIndex): Issue[] {
  const owners = new Map<string, string>(doc.vpcs.map((vpc) => [routerNamespace("default", vpc.name), `VPC “${vpc.name}”`]));
  return (["instances", "natGateways"] as const).flatMap((collection) => doc[collection].flatMap((owner, i): Issue[] => {
    const subnet = index.subnetById.get(owner.subnetId);
    const vpc = subnet && index.vpcById.get(subnet.vpcId);
    if (!subnet || !vpc) return [];
    const namespace = instanceNamespace("default", vpc.name, subnet.name, owner.name);
    const other = owners.get(namespace);
    if (other === undefined) {
      owners.set(namespace, `“${owner.name}” in ${vpc.name}/${subnet.name}`);
      return [];
    }
    return [{
      severity: "error", code: "NAME_TAKEN", path: [collection, i, "name"], objectId: owner.id,
      message: `Its namespace would be “${namespace}”, which is already that of ${other}; rename one of the two.`,
    }];
  }));
}
