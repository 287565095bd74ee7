import type { ErrorCode } from "../errors/error-code";
import type { FieldPath } from "../errors/issue";
import type { UpdateCommand } from "../topology/edit-command";
import { kindOfId } from "../topology/ids";
import type { CollectionName, Topology, TopologyObject } from "../topology/topology";
import { COLLECTION } from "../topology/topology";
import { fullLab, named } from "./full-lab";

/**
 * One input that a person, a program or an attacker might send, as data: so that every way into a topology (edit, import, page,
 * agent) is asked the same, and has to give the same answer.
 */
export interface BadInput {
  /** Group and number; several inputs of one kind share it. */
  readonly id: string;
  readonly what: string;
  readonly attempt: Attempt;
  /** What it must get; null: accepted without an error. The path is that in the document, or in the command where only that is wrong. */
  readonly expected: Expected | null;
}

export interface Expected {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  readonly path: FieldPath;
}

/** An edit command on `LAB` as it may come over a wire (so: anything), or a whole document as it may be imported. */
export type Attempt = { readonly edit: unknown } | { readonly document: unknown };

/** What every edit starts from. */
export const LAB: Topology = fullLab();

export const refused = (code: ErrorCode, ...path: FieldPath): Expected => ({ severity: "error", code, path });
export const hinted = (code: ErrorCode, ...path: FieldPath): Expected => ({ severity: "warning", code, path });

/** An object of the lab by its name; of vpc1 where it belongs to a VPC. */
export function inLab<C extends CollectionName>(collection: C, name: string): Topology[C][number] {
  const vpc1 = named(LAB.vpcs, "vpc1").id;
  const subnets = new Set(LAB.subnets.filter((subnet) => subnet.vpcId === vpc1).map((subnet) => subnet.id));
  const objects: readonly TopologyObject[] = LAB[collection];
  const own = objects.filter((object) =>
    "vpcId" in object ? object.vpcId === vpc1 : "subnetId" in object ? subnets.has(object.subnetId) : true);
  return named(own, name) as Topology[C][number];
}

/** Where an object of the lab stands in the document. */
export const pathTo = (object: TopologyObject): [CollectionName, number] => {
  const collection = COLLECTION[kindOfId(object.id) ?? "vpc"];
  return [collection, LAB[collection].findIndex((other) => other.id === object.id)];
};

/** The edit that sets fields of an object of the lab, whatever they are. */
export const setting = (object: TopologyObject, set: Record<string, unknown>): Attempt =>
  ({ edit: { op: "update", kind: kindOfId(object.id), id: object.id, set } as unknown as UpdateCommand });

/** A copy of the lab with something changed past every editor. */
export function labWith(change: (doc: Topology) => void): Attempt {
  const document = structuredClone(LAB);
  change(document);
  return { document };
}

/** One row for each of the inputs. */
export const rows = <T>(id: string, inputs: readonly T[], row: (input: T) => Omit<BadInput, "id" | "what"> & { what?: string }): BadInput[] =>
  inputs.map((input) => ({ id, what: JSON.stringify(input), ...row(input) }));
