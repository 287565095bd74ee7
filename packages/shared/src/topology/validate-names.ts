import type { FieldPath, Issue } from "../errors/issue";
import { instanceNamespace, routerNamespace } from "../net/namespace-name";
import type { CollectionName, Topology } from "./topology";
import { NAME_LENGTH_MAX, NAME_PATTERN } from "./topology";
import type { TopologyIndex } from "./topology-index";

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
  const grammar = (["vpcs", "subnets", "instances", "internetGateways", "peerings"] as const).flatMap((collection) =>
    doc[collection].flatMap((object, i) => validateName(object.name, [collection, i, "name"], object.id)),
  );
  if (grammar.length > 0) return grammar;
  const taken = [
    ...unique(doc.vpcs, "vpcs", () => "", "VPC in this topology"),
    ...unique(doc.subnets, "subnets", (subnet) => subnet.vpcId, "subnet of this VPC"),
    ...unique(doc.instances, "instances", (instance) => instance.subnetId, "instance of this subnet"),
    ...unique(doc.internetGateways, "internetGateways", () => "", "internet gateway in this topology"),
    ...unique(doc.peerings, "peerings", () => "", "peering in this topology"),
  ];
  return taken.length > 0 ? taken : namespaceCollisions(doc, index);
}

function unique<T extends { id: string; name: string }>(
  items: readonly T[], collection: CollectionName, scopeOf: (item: T) => string, what: string,
): Issue[] {
  const seen = new Set<string>();
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

/** Two different paths can read the same (vpc `a-b` + subnet `c`, vpc `a` + subnet `b-c`): the later one is refused. */
function namespaceCollisions(doc: Topology, index: TopologyIndex): Issue[] {
  const owners = new Map<string, string>(doc.vpcs.map((vpc) => [routerNamespace("default", vpc.name), `VPC “${vpc.name}”`]));
  return doc.instances.flatMap((instance, i): Issue[] => {
    const subnet = index.subnetById.get(instance.subnetId);
    const vpc = subnet && index.vpcById.get(subnet.vpcId);
    if (!subnet || !vpc) return [];
    const namespace = instanceNamespace("default", vpc.name, subnet.name, instance.name);
    const other = owners.get(namespace);
    if (other === undefined) {
      owners.set(namespace, `instance “${instance.name}” in ${vpc.name}/${subnet.name}`);
      return [];
    }
    return [{
      severity: "error", code: "NAME_TAKEN", path: ["instances", i, "name"], objectId: instance.id,
      message: `Its namespace would be “${namespace}”, which is already that of ${other}; rename one of the two.`,
    }];
  });
}

/** Control and direction characters made visible, at most 40 characters: fit for a message or a terminal. */
function printable(text: string): string {
  const safe = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "·");
  return safe.length > 40 ? `${safe.slice(0, 40)}…` : safe;
}
