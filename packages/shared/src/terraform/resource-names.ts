import { namesOfObjects } from "../topology/object-names";
import type { ObjectKind, Topology } from "../topology/topology";
import { expression, type HclReference } from "./hcl";

export const RESOURCE_TYPE: Record<ObjectKind, string> = {
  vpc: "aws_vpc", subnet: "aws_subnet", instance: "aws_instance", "internet-gateway": "aws_internet_gateway", "nat-gateway": "aws_nat_gateway",
  "elastic-ip": "aws_eip", "route-table": "aws_route_table", "security-group": "aws_security_group", "network-acl": "aws_network_acl",
  peering: "aws_vpc_peering_connection",
};

/** What each object is called in Terraform: its path, e.g. `prod_public_web`. Our names have no underscore, so no two meet. */
export class ResourceNames {
  private readonly byId: ReadonlyMap<string, { readonly kind: ObjectKind; readonly name: string }>;

  constructor(doc: Topology) {
    this.byId = new Map(namesOfObjects(doc).map(({ kind, object, path }) => [object.id, { kind, name: path.replaceAll("/", "_") }]));
  }

  of(id: string): string {
    const found = this.byId.get(id);
    if (!found) throw new Error(`${id} is not in this topology: validate before use`);
    return found.name;
  }

  /** E.g. `aws_vpc.prod.id`. */
  reference(id: string, attribute = "id"): HclReference {
    const found = this.byId.get(id);
    if (!found) throw new Error(`${id} is not in this topology: validate before use`);
    return expression(`${RESOURCE_TYPE[found.kind]}.${found.name}.${attribute}`);
  }
}
