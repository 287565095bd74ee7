import type { FieldPath, Issue } from "../errors/issue";
import type { RandomBytes } from "../topology/ids";
import { newId } from "../topology/ids";
import { printable } from "../topology/printable";
import type { ObjectKind, Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { indexTopology, objectsOf, type TopologyIndex } from "../topology/topology-index";
import { didYouMean } from "./nearest-word";
import type { TopologyFile } from "./topology-file-schema";

/** Stands for the name of what a VPC has by its role: its default group, its default ACL, its internet gateway. */
export const BY_ROLE = "*";

/** A document that is being made of a file, with the ids that the document before had for the same names. */
export class Reading {
  readonly doc: Topology;
  readonly issues: Issue[] = [];
  readonly existing: Topology;
  readonly existingIndex: TopologyIndex;
  private readonly known: ReadonlyMap<string, string>;
  private readonly origins = new Map<string, FieldPath>();
  private readonly names = new Map<string, Map<string, string>>();

  constructor(readonly file: TopologyFile, existing: Topology | null, readonly random: RandomBytes) {
    this.existing = existing ?? EMPTY_TOPOLOGY;
    this.existingIndex = indexTopology(this.existing);
    this.known = idsByName(this.existing);
    this.doc = {
      ...EMPTY_TOPOLOGY, settings: { ...EMPTY_TOPOLOGY.settings, ...file.settings }, vpcs: [], subnets: [], instances: [], internetGateways: [],
      natGateways: [], elasticIps: [], routeTables: [], securityGroups: [], networkAcls: [], peerings: [],
    };
  }

  /** The id of what is declared at `path`: the one it had before, else a new one. `scope`: the id of what it is in. */
  declare(kind: ObjectKind, scope: string, name: string, path: FieldPath, role: string = name): string {
    const id = this.known.get(`${kind} ${scope} ${role}`) ?? newId(kind, this.random);
    const key = `${kind} ${scope}`;
    this.names.set(key, (this.names.get(key) ?? new Map<string, string>()).set(name, id));
    this.originate(id, path);
    return id;
  }

  find(kind: ObjectKind, scope: string, name: string): string | null {
    return this.names.get(`${kind} ${scope}`)?.get(name) ?? null;
  }

  /** The id of what is named at `path`; an issue and an empty id where there is no such thing. */
  refer(kind: ObjectKind, scope: string, name: string, at: { readonly path: FieldPath; readonly what: string }): string {
    const names = this.names.get(`${kind} ${scope}`) ?? new Map<string, string>();
    const id = names.get(name);
    if (id !== undefined) return id;
    const known = names.size === 0 ? "" : didYouMean(name, [...names.keys()]) || ` There are: ${[...names.keys()].slice(0, 8).join(", ")}.`;
    this.refuse("REF_UNKNOWN", at.path, `There is no ${at.what} “${printable(name)}”.${known}`);
    return "";
  }

  refuse(code: Issue["code"], path: FieldPath, message: string): void {
    this.issues.push({ severity: "error", code, path, message });
  }

  /** Where in the file an object (or, with a longer key, a part of it) stands. */
  originate(key: string, path: FieldPath): void {
    this.origins.set(key, path);
  }

  originOf(key: string): FieldPath | undefined {
    return this.origins.get(key);
  }
}

function idsByName(doc: Topology): Map<string, string> {
  const roles = new Set(doc.vpcs.flatMap((vpc) => [vpc.defaultSecurityGroupId, vpc.defaultNetworkAclId]));
  const known = new Map<string, string>();
  for (const { kind, object } of objectsOf(doc)) {
    const scope = "vpcId" in object ? object.vpcId : "subnetId" in object ? object.subnetId
      : "requesterVpcId" in object ? `${object.requesterVpcId} ${object.accepterVpcId}` : "";
    const role = kind === "internet-gateway" || roles.has(object.id) ? BY_ROLE : object.name;
    known.set(`${kind} ${scope} ${role}`, object.id);
  }
  return known;
}

/** The list as it was where both hold the same in another order: then there is nothing to change. */
export function inOrderBefore<T>(items: T[], before: readonly T[] | undefined): T[] {
  if (!before || before.length !== items.length) return items;
  const texts = (list: readonly T[]) => list.map((item) => JSON.stringify(item)).sort();
  const [now, then] = [texts(items), texts(before)];
  return now.every((text, i) => text === then[i]) ? [...before] : items;
}
