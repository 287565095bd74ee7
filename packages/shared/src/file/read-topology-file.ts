import type { FieldPath, Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import type { RandomBytes } from "../topology/ids";
import { inOrder } from "../topology/order";
import type { Topology, TopologyObject } from "../topology/topology";
import { TopologySchema } from "../topology/topology";
import { validateTopology } from "../topology/validate";
import { fileSchemaIssues } from "./file-schema-issues";
import { readAcls, readGroups } from "./read-filters";
import { readElasticIps } from "./read-elastic-ips";
import { readPeerings } from "./read-peerings";
import { readRoutes } from "./read-routes";
import { checkSubnetTypes, readSubnets } from "./read-subnets";
import { declareVpc } from "./read-vpc";
import { Reading } from "./reading";
import { TopologyFileSchema } from "./topology-file-schema";

export interface ReadFile {
  /** The name that the file gives its topology; null: none. */
  readonly name: string | null;
  readonly topology: Topology;
  /** Hints beside a valid topology. */
  readonly warnings: readonly Issue[];
  /** Where in the file stands what a path of the topology leads to. */
  readonly placeOf: (path: FieldPath) => FieldPath;
}

export interface ReadOptions {
  /** What was there before: what has the same name in the same place keeps its id, and what the file does not say stays. */
  readonly existing: Topology | null;
  readonly random: RandomBytes;
}

/** Plain values of a topology file to a valid topology, or everything that is wrong; paths are those of the file. */
export function readTopologyFile(value: unknown, { existing, random }: ReadOptions): Result<ReadFile, Issue[]> {
  const parsed = TopologyFileSchema.safeParse(value ?? {}, { reportInput: true });
  if (!parsed.success) return err(fileSchemaIssues(parsed.error));
  const reading = new Reading(parsed.data, existing, random);
  const vpcs = Object.entries(parsed.data.vpcs ?? {}).map(([name, file]) => declareVpc(reading, name, file));
  for (const vpc of vpcs) readSubnets(reading, vpc);
  readElasticIps(reading, vpcs);
  const withRoutes = readPeerings(reading);
  for (const vpc of vpcs) {
    readRoutes(reading, vpc, withRoutes);
    readGroups(reading, vpc, withRoutes);
    readAcls(reading, vpc);
    checkSubnetTypes(reading, vpc);
  }
  if (reading.issues.length > 0) return err(reading.issues);
  const issues = validateTopology(reading.doc).map((issue) => ({ ...issue, path: pathInFile(reading, reading.doc, issue.path) }));
  if (issues.some(isError)) return err(issues.filter(isError));
  // The schema puts the keys of each object in its order, so that equal documents are equal texts.
  const topology = inOrder(TopologySchema.parse(reading.doc));
  return ok({ name: parsed.data.name ?? null, topology, warnings: issues, placeOf: (path) => pathInFile(reading, topology, path) });
}

/** Keys of the file for fields of the document that are called otherwise. */
const KEY_IN_FILE: Partial<Record<string, string>> = {
  mainRouteTableId: "mainRouteTable", defaultSecurityGroupId: "defaultSecurityGroup", defaultNetworkAclId: "defaultNetworkAcl", dnsSupport: "dns",
  routeTableId: "routeTable", networkAclId: "networkAcl", securityGroupIds: "groups",
};

/** Where in the file stands what an issue of `doc` is about: the document that was read, in whatever order. */
function pathInFile(reading: Reading, doc: Topology, path: FieldPath): FieldPath {
  const [collection, i, field, j, ...rest] = path;
  const objects = doc[collection as keyof Topology];
  const object = Array.isArray(objects) && typeof i === "number" ? (objects[i] as TopologyObject | undefined) : undefined;
  if (!object) return collection === "settings" ? path : typeof collection === "string" ? [collection] : [];
  const origin = reading.originOf(object.id) ?? [];
  if (typeof field !== "string" || field === "name") return origin;
  const part = typeof j === "number" ? reading.originOf(partKey(object, field, j)) : undefined;
  if (part) return part;
  return [...origin, KEY_IN_FILE[field] ?? field, ...(j === undefined ? [] : [j]), ...rest];
}

function partKey(object: TopologyObject, field: string, j: number): string {
  if (field === "rules" && "rules" in object) return object.rules[j]?.id ?? "";
  if (field === "routes" && "routes" in object) return `${object.id} ${object.routes[j]?.destination ?? ""}`;
  if (field === "entries" && "entries" in object) return `${object.id} ${object.entries[j]?.direction ?? ""} ${object.entries[j]?.number ?? ""}`;
  return "";
}
